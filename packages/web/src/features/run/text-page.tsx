import { Button, Group } from "@mantine/core";
import { useState } from "react";
import classes from "./candidate-grid.module.css";

/** Longer ones are folded: some fifteen lines. */
const FOLDED_LENGTH = 1_200;
const FOLDED_LINES = 9;

interface TextPageProps {
  readonly text: string;
  readonly label: string;
  readonly onOpen: () => void;
}

/** A candidate that is a page of text: the whole of it can be read, and copied, where it stands. */
export function TextPage({ text, label, onOpen }: TextPageProps) {
  const [unfolded, setUnfolded] = useState(false);
  const long = text.length > FOLDED_LENGTH || text.split("\n").length > FOLDED_LINES;
  return (
    <div className={classes.page} data-page>
      <div className={classes.pageText} data-folded={(long && !unfolded) || undefined}>
        {text}
      </div>
      <Group gap="xs" mt={4} ml={-8}>
        {long && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-expanded={unfolded}
            aria-label={`${unfolded ? "Show less" : "Show the whole text"} of candidate ${label}`}
            onClick={() => setUnfolded(!unfolded)}
          >
            {unfolded ? "Show less" : "Show the whole text"}
          </Button>
        )}
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={onOpen}
          aria-label={`View candidate ${label} large`}
        >
          Details
        </Button>
      </Group>
    </div>
  );
}

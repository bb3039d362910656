import { Button, Paper, Text, Tooltip } from "@mantine/core";
import { canReject, canRestore } from "../../lib/may-reject.ts";
import { useMay } from "../../lib/viewer.ts";
import { MOST_NAMED } from "./download-links.ts";
import { MOST_COMPARED } from "./gallery-search.ts";
import classes from "./page.module.css";
import type { GalleryCandidate } from "./use-gallery-list.ts";

interface SelectionBarProps {
  readonly selected: readonly GalleryCandidate[];
  readonly downloadHref: string;
  readonly onCompare: () => void;
  readonly onDecide: (kind: "reject" | "restore") => void;
  readonly onClear: () => void;
}

/** What can be done with what is selected; there only while something is. */
export function SelectionBar({ selected, downloadHref, onCompare, onDecide, onClear }: SelectionBarProps) {
  const mayDecide = useMay("DECIDE");
  const count = selected.length;
  if (count === 0) return null;
  const comparable = count >= 2 && count <= MOST_COMPARED;
  return (
    <Paper component="section" aria-label="Selection" withBorder shadow="md" radius="lg" className={classes.selection}>
      <Text size="sm" fw={600} role="status">
        {count} selected
      </Text>
      <Tooltip label={`Two to ${MOST_COMPARED} can be compared.`} disabled={comparable}>
        <Button size="xs" disabled={!comparable} onClick={onCompare}>
          Compare
        </Button>
      </Tooltip>
      {mayDecide && selected.some(canReject) && (
        <Button size="xs" variant="default" c="var(--sluice-danger)" onClick={() => onDecide("reject")}>
          Reject…
        </Button>
      )}
      {mayDecide && selected.some(canRestore) && (
        <Button size="xs" variant="default" onClick={() => onDecide("restore")}>
          Restore…
        </Button>
      )}
      {count <= MOST_NAMED && (
        <Button size="xs" variant="default" component="a" href={downloadHref} download>
          Download
        </Button>
      )}
      <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
        Clear
      </Button>
    </Paper>
  );
}

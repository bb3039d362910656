import { ActionIcon, Button, Group, Text } from "@mantine/core";
import { AdvancementBadge } from "../../components/advancement-badge.tsx";
import { CandidateMedia } from "../../components/candidate-media.tsx";
import { TextDiff } from "../../components/text-diff.tsx";
import type { TextDiffProps } from "../../components/text-diff-marks.tsx";
import { ZoomStage } from "../../components/zoom-stage.tsx";
import type { Compared } from "./compare-facts.tsx";
import classes from "./dialogs.module.css";
import type { CompareView } from "./gallery-search.ts";

interface CompareColumnProps {
  readonly each: Compared;
  /** What it is to the other. */
  readonly name: string | undefined;
  readonly lastStep: boolean;
  readonly shown: CompareView | "side";
  /** Of two texts. */
  readonly differences: TextDiffProps | undefined;
  /** Pictures are looked at from near. */
  readonly close: boolean;
  readonly onOpen: () => void;
  /** Undefined where only two are left. */
  readonly onTakeOut: (() => void) | undefined;
}

/** One of those that stand side by side. */
export function CompareColumn(props: CompareColumnProps) {
  const { each, name, lastStep, shown, differences, close, onOpen, onTakeOut } = props;
  const { tile, label, text, picture } = each;
  return (
    <section aria-label={`Candidate ${label}`}>
      <div className={classes.compareHead}>
        <div>
          <Text fw={600}>{name === undefined ? label : `${name} ${label}`}</Text>
          <AdvancementBadge status={tile.status} advancement={tile.advancement} lastStep={lastStep} />
        </div>
        <Group gap={4}>
          <Button variant="subtle" size="compact-xs" aria-label={`Open candidate ${label}`} onClick={onOpen}>
            Open
          </Button>
          {onTakeOut && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Take candidate ${label} out of the comparison`}
              onClick={onTakeOut}
            >
              ×
            </ActionIcon>
          )}
        </Group>
      </div>
      {shown !== "slider" && (
        <div
          className={classes.comparePicture}
          data-text={text !== null || undefined}
          {...(picture ? { "data-frame": "" } : {})}
        >
          {shown === "differences" && differences ? (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and is scrolled by keys as well.
            <section className={classes.compareText} tabIndex={0} aria-label={`Text of candidate ${label}`}>
              <TextDiff {...differences} />
            </section>
          ) : picture ? (
            <ZoomStage picture={picture} close={close}>
              <CandidateMedia candidate={tile} size="large" />
            </ZoomStage>
          ) : (
            <CandidateMedia candidate={tile} size="large" />
          )}
        </div>
      )}
    </section>
  );
}

import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { candidateLabel } from "../../components/candidate-label.ts";
import { CandidateMedia } from "../../components/candidate-media.tsx";
import { counted } from "../../lib/words.ts";
import classes from "./dialogs.module.css";
import type { GallerySearch } from "./gallery-search.ts";
import type { GalleryCandidate } from "./use-gallery-list.ts";

interface FamilyProps {
  readonly runId: string;
  readonly candidate: GalleryCandidate;
  readonly parent: GalleryCandidate | null;
  /** The first of its children, and how many there are. */
  readonly offspring: readonly GalleryCandidate[];
  readonly childCount: number;
  readonly search: GallerySearch;
}

/** Whom a candidate was made from and what was made from it, to go on to. */
export function Family({ runId, candidate, parent, offspring, childCount, search }: FamilyProps) {
  if (!parent && childCount === 0) return null;
  const label = candidateLabel(candidate);
  return (
    <section aria-label="Family" className={classes.family}>
      {parent && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            Made from
          </Text>
          <div className={classes.relatives}>
            <Relative runId={runId} candidate={parent} search={search} relation="Parent" />
          </div>
        </div>
      )}
      {childCount > 0 && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            {counted(childCount, "child", "children")}
          </Text>
          <div className={classes.relatives}>
            {offspring.map((child) => (
              <Relative key={child.id} runId={runId} candidate={child} search={search} relation="Child" />
            ))}
          </div>
          <Anchor
            size="sm"
            renderRoot={(rootProps) => (
              <Link to="/runs/$runId/gallery" params={{ runId }} search={{ parent: candidate.id }} {...rootProps} />
            )}
          >
            Show the children of {label} in the gallery
          </Anchor>
        </div>
      )}
    </section>
  );
}

interface RelativeProps {
  readonly runId: string;
  readonly candidate: GalleryCandidate;
  readonly search: GallerySearch;
  readonly relation: "Parent" | "Child";
}

function Relative({ runId, candidate, search, relation }: RelativeProps) {
  const label = candidateLabel(candidate);
  return (
    <Link
      to="/runs/$runId/gallery"
      params={{ runId }}
      search={{ ...search, open: candidate.id }}
      resetScroll={false}
      className={classes.relative}
      data-faded={candidate.status === "REJECTED" || candidate.advancement === "NOT_ADVANCING" || undefined}
      aria-label={`${relation}: candidate ${label}`}
    >
      <span className={classes.relativePicture}>
        <CandidateMedia candidate={candidate} size="thumb" label="" />
      </span>
      <Text span size="xs" c="dimmed">
        {label}
      </Text>
    </Link>
  );
}

import { Text } from "@mantine/core";
import { memo } from "react";
import { AdvancementBadge, advancementWords } from "../../components/advancement-badge.tsx";
import { candidateLabel } from "../../components/candidate-label.ts";
import { CandidateMedia } from "../../components/candidate-media.tsx";
import type { GalleryTile_CandidateFragment as Tile } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { counted } from "../../lib/words.ts";
import classes from "./gallery.module.css";

export const GalleryTile_CandidateFragment = graphql(`
  fragment GalleryTile_Candidate on Candidate {
    id
    status
    advancement
    elo
    voteCount
    round
    text
    parent {
      id
    }
    step {
      id
      position
      name
    }
    ...CandidateLabel_Candidate
    ...CandidateMedia_Candidate
  }
`);

interface GalleryTileProps {
  readonly candidate: Tile;
  readonly index: number;
  readonly lastStep: boolean;
  /** Which step it is of has to be said: tiles of several stand beside each other. */
  readonly withStep: boolean;
  readonly selected: boolean;
  /** The one that the keyboard is at. */
  readonly active: boolean;
  readonly onClick: (index: number, how: { readonly range: boolean; readonly toggle: boolean }) => void;
  readonly onSelect: (index: number, range: boolean) => void;
  readonly onFocus: (index: number) => void;
}

/** A candidate in the gallery: what it is, how it stands, and whether it goes on. */
export const GalleryTile = memo(function GalleryTile(props: GalleryTileProps) {
  const { candidate, index, lastStep, withStep, selected, active, onClick, onSelect, onFocus } = props;
  const rejected = candidate.status === "REJECTED";
  const label = candidateLabel(candidate);
  const elo = Math.round(candidate.elo);
  const words = advancementWords({ ...candidate, lastStep });
  const votes = counted(candidate.voteCount, "vote");
  const place = withStep ? `Step ${candidate.step.position}` : undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the cells of a table cannot be laid out by their place in a virtual list.
    <div
      role="gridcell"
      className={classes.tile}
      tabIndex={active ? 0 : -1}
      aria-label={[`Candidate ${label}`, place, `${elo} Elo`, votes, words].filter(Boolean).join(", ")}
      aria-selected={selected}
      data-index={index}
      data-id={candidate.id}
      data-advancing={(!rejected && candidate.advancement === "ADVANCING") || undefined}
      data-faded={rejected || candidate.advancement === "NOT_ADVANCING" || undefined}
      onClick={(event) => onClick(index, { range: event.shiftKey, toggle: event.ctrlKey || event.metaKey })}
      // The keys of all tiles are heard by their grid.
      onKeyDown={undefined}
      onFocus={() => onFocus(index)}
    >
      <div className={classes.picture}>
        <CandidateMedia candidate={candidate} size="thumb" />
      </div>
      {/* By keyboard it is Space on the tile. */}
      <button
        type="button"
        tabIndex={-1}
        className={classes.check}
        aria-label={`Select candidate ${label}`}
        aria-pressed={selected}
        onClick={(event) => {
          event.stopPropagation();
          onSelect(index, event.shiftKey);
        }}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M3.5 8.500l3 3 6-7" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
        </svg>
      </button>
      <div className={classes.caption}>
        <Text size="sm" lh={1.3} truncate>
          <strong>{elo}</strong>{" "}
          <Text span size="xs" c="dimmed">
            Elo · {votes}
          </Text>
        </Text>
        <Text size="xs" c="dimmed" lh={1.3} truncate>
          {label}
          {place !== undefined && ` · ${place}`}
        </Text>
        <AdvancementBadge status={candidate.status} advancement={candidate.advancement} lastStep={lastStep} />
      </div>
    </div>
  );
});

import { Badge, Button, Text, UnstyledButton } from "@mantine/core";
import { Fragment, useState } from "react";
import { candidateLabel } from "../../components/candidate-label.ts";
import { CandidateMedia } from "../../components/candidate-media.tsx";
import { Lightbox } from "../../components/lightbox.tsx";
import type { ApprovalPreview_PreviewFragment } from "../../gql/generated/graphql.ts";
import { useMovingRows } from "../../lib/use-moving-rows.ts";
import { counted, percent } from "../../lib/words.ts";
import classes from "./approval.module.css";

type Ranked = ApprovalPreview_PreviewFragment["ranked"][number];

interface RankedListProps {
  /** By rating, best first: the order that approval freezes. */
  readonly ranked: readonly Ranked[];
  readonly topK: number;
  /** The K that the chances were worked out for: while a new one is on its way, still the one before. */
  readonly chancesFor: number;
  /** Whether a candidate is shown large on top of the list. */
  readonly onLayer: (open: boolean) => void;
}

/** The ranking with the cut drawn in it. Rows glide to their new place when votes move them. */
export function RankedList({ ranked, topK, chancesFor, onLayer }: RankedListProps) {
  const [large, setLargeIndex] = useState<number>();
  const setLarge = (index: number | undefined) => {
    setLargeIndex(index);
    onLayer(index !== undefined);
  };
  const list = useMovingRows(ranked.map(({ candidate }) => candidate.id).join(" "));
  if (ranked.length === 0) return <Text c="dimmed">No candidates yet.</Text>;
  return (
    <>
      <ol className={classes.list} ref={list} aria-label="Candidates by Elo">
        {ranked.map((row, index) => (
          <Fragment key={row.candidate.id}>
            <RankedRow
              row={row}
              alone={ranked.length === 1}
              topK={topK}
              chancesFor={topK >= ranked.length ? undefined : chancesFor}
              onOpen={() => setLarge(index)}
            />
            {row.rank === topK && index < ranked.length - 1 && <CutLine topK={topK} />}
          </Fragment>
        ))}
      </ol>
      <Lightbox candidates={ranked.map(({ candidate }) => candidate)} index={large} onIndex={setLarge} />
    </>
  );
}

function CutLine({ topK }: { readonly topK: number }) {
  return (
    <li className={classes.cut} aria-hidden="true">
      cut at K={topK}
    </li>
  );
}

interface RankedRowProps {
  readonly row: Ranked;
  /** There is no other: what is decided on is read here, all of it. */
  readonly alone: boolean;
  readonly topK: number;
  /** Undefined where all advance: then there is no chance to speak of. */
  readonly chancesFor: number | undefined;
  readonly onOpen: () => void;
}

function RankedRow({ row, alone, topK, chancesFor, onOpen }: RankedRowProps) {
  const { candidate } = row;
  const advances = row.rank <= topK;
  const label = candidateLabel(candidate);
  return (
    <li
      className={classes.row}
      data-key={candidate.id}
      data-advances={advances || undefined}
      data-text={candidate.text !== null || undefined}
      aria-label={`Candidate ${label}`}
    >
      <Text size="sm" c="dimmed" ta="end">
        {row.rank}
      </Text>
      {candidate.text === null && (
        <UnstyledButton className={classes.thumb} onClick={onOpen} aria-label={`View candidate ${label} large`}>
          <CandidateMedia candidate={candidate} size="thumb" />
        </UnstyledButton>
      )}
      <div className={classes.figures}>
        {candidate.text !== null && alone && (
          <>
            <div className={classes.whole}>{candidate.text}</div>
            <Button
              variant="subtle"
              color="gray"
              size="compact-xs"
              onClick={onOpen}
              aria-label={`View candidate ${label} large`}
            >
              View large
            </Button>
          </>
        )}
        {candidate.text !== null && !alone && (
          <UnstyledButton onClick={onOpen} aria-label={`View candidate ${label} large`}>
            <Text size="sm" lineClamp={3} style={{ whiteSpace: "pre-line" }}>
              {candidate.text}
            </Text>
          </UnstyledButton>
        )}
        <Text fw={600} lh={1.25}>
          {Math.round(candidate.elo)}
          <Text span size="sm" c="dimmed" fw={400}>
            {" "}
            ± {Math.round(row.plusMinus)} Elo
          </Text>
        </Text>
        <Text size="sm" c="dimmed" lh={1.25}>
          {label} · {counted(candidate.voteCount, "vote")}
          {chancesFor !== undefined && (
            <span style={{ opacity: chancesFor === topK ? 1 : 0.45 }}>
              {` · ${percent(row.chanceInTopK)} in top ${chancesFor}`}
            </span>
          )}
        </Text>
      </div>
      <Badge
        color={advances ? "teal" : "gray"}
        variant={advances ? "light" : "outline"}
        tt="none"
        radius="sm"
        className={classes.verdict}
      >
        {advances ? "Will advance" : "Will not advance"}
      </Badge>
    </li>
  );
}

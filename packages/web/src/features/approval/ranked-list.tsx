import { Badge, Button, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { Fragment, type RefObject, useEffect, useEffectEvent, useState } from "react";
import { candidateLabel } from "../../components/candidate-label.ts";
import { CandidateMedia } from "../../components/candidate-media.tsx";
import { Lightbox } from "../../components/lightbox.tsx";
import type { ApprovalPreview_PreviewFragment } from "../../gql/generated/graphql.ts";
import { useMovingRows } from "../../lib/use-moving-rows.ts";
import { counted, percent } from "../../lib/words.ts";
import classes from "./approval.module.css";
import type { Move } from "./moves.ts";
import { moveWords } from "./ranking-changed.tsx";
import type { useStillRanking } from "./use-still-ranking.ts";

type Ranked = ApprovalPreview_PreviewFragment["ranked"][number];

interface RankedListProps {
  /** By rating, best first: the order that approval freezes. */
  readonly ranked: readonly Ranked[];
  readonly topK: number;
  /** The K that the chances were worked out for: while a new one is on its way, still the one before. */
  readonly chancesFor: number;
  readonly lastStep: boolean;
  /** What has moved since the dialog was opened. */
  readonly moves: ReadonlyMap<string, Move>;
  readonly list: RefObject<HTMLOListElement | null>;
  /** Tell whether somebody is pointing into the list. */
  readonly listProps: ReturnType<typeof useStillRanking>["listProps"];
  /** Whether a candidate is shown large on top of the list. */
  readonly onLayer: (open: boolean) => void;
}

/** The ranking with the cut drawn in it. Rows glide to their new place when votes move them. */
export function RankedList(props: RankedListProps) {
  const { ranked, topK, chancesFor, lastStep, moves, list, listProps, onLayer } = props;
  const [large, setLarge] = useState<string>();
  const layer = ranked.some(({ candidate }) => candidate.id === large);
  const tell = useEffectEvent(onLayer);
  useEffect(() => {
    tell(layer);
    return () => tell(false);
  }, [layer]);
  const moving = useMovingRows(ranked.map(({ candidate }) => candidate.id).join(" "));
  if (ranked.length === 0) return <Text c="dimmed">No candidates yet.</Text>;
  return (
    <>
      <ol
        className={classes.list}
        ref={(element) => {
          moving.current = element;
          list.current = element;
        }}
        aria-label="Candidates by Elo"
        {...listProps}
      >
        {ranked.map((row, index) => (
          <Fragment key={row.candidate.id}>
            <RankedRow
              row={row}
              alone={ranked.length === 1}
              topK={topK}
              lastStep={lastStep}
              move={moves.get(row.candidate.id)}
              chancesFor={topK >= ranked.length ? undefined : chancesFor}
              onOpen={() => setLarge(row.candidate.id)}
            />
            {row.rank === topK && index < ranked.length - 1 && <CutLine topK={topK} />}
          </Fragment>
        ))}
      </ol>
      <Lightbox candidates={ranked.map(({ candidate }) => candidate)} shown={large} onShow={setLarge} />
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
  readonly lastStep: boolean;
  readonly move: Move | undefined;
  /** Undefined where all advance: then there is no chance to speak of. */
  readonly chancesFor: number | undefined;
  readonly onOpen: () => void;
}

function RankedRow({ row, alone, topK, lastStep, move, chancesFor, onOpen }: RankedRowProps) {
  const { candidate } = row;
  const advances = row.rank <= topK;
  const label = candidateLabel(candidate);
  return (
    <li
      className={classes.row}
      data-key={candidate.id}
      data-advances={advances || undefined}
      data-text={candidate.text !== null || undefined}
      data-alone={alone || undefined}
      aria-label={`Candidate ${label}`}
    >
      {!alone && (
        <Text size="sm" c="dimmed" ta="end">
          {row.rank}
          {move !== undefined && <MoveMark move={move} />}
        </Text>
      )}
      {candidate.text === null && (
        <UnstyledButton className={classes.thumb} onClick={onOpen} aria-label={`View candidate ${label} large`}>
          <CandidateMedia candidate={candidate} size="thumb" />
        </UnstyledButton>
      )}
      {candidate.text !== null && alone && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and is scrolled by keys as well.
        <section className={classes.whole} tabIndex={0} aria-label={`Text of candidate ${label}`}>
          {candidate.text}
        </section>
      )}
      <div className={classes.figures}>
        {candidate.text !== null && !alone && (
          <UnstyledButton onClick={onOpen} aria-label={`View candidate ${label} large`}>
            <Text size="sm" lineClamp={3} style={{ whiteSpace: "pre-line" }}>
              {candidate.text}
            </Text>
          </UnstyledButton>
        )}
        {!alone && (
          <Text fw={600} lh={1.25}>
            {Math.round(candidate.elo)}
            <Text span size="sm" c="dimmed" fw={400}>
              {" "}
              ± {Math.round(row.plusMinus)} Elo
            </Text>
          </Text>
        )}
        <Text size="sm" c="dimmed" lh={1.25}>
          {alone ? `Candidate ${label}` : `${label} · ${counted(candidate.voteCount, "vote")}`}
          {chancesFor !== undefined && (
            <span style={{ opacity: chancesFor === topK ? 1 : 0.45 }}>
              {` · ${percent(row.chanceInTopK)} in top ${chancesFor}`}
            </span>
          )}
        </Text>
      </div>
      {candidate.text !== null && alone && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={onOpen}
          aria-label={`View candidate ${label} large`}
        >
          View large
        </Button>
      )}
      <Badge
        color={advances ? "teal" : "gray"}
        variant={advances ? "light" : "outline"}
        tt="none"
        radius="sm"
        className={classes.verdict}
      >
        {verdictWords(advances, lastStep)}
      </Badge>
    </li>
  );
}

function verdictWords(advances: boolean, lastStep: boolean): string {
  if (lastStep) return advances ? "Will win" : "Will not win";
  return advances ? "Will advance" : "Will not advance";
}

function MoveMark({ move }: { readonly move: Move }) {
  const { mark, words } = moveWords(move);
  return (
    <span className={classes.move} data-up={move === "new" || move > 0 || undefined} title={words}>
      <span aria-hidden="true">{mark}</span>
      <VisuallyHidden>{words}</VisuallyHidden>
    </span>
  );
}

import { useEffect, useState } from "react";
import type { CandidateFilter } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { BURST_MS, useRunEvents } from "../../lib/use-run-events.ts";
import { announcement } from "./announcement.ts";
import { type GallerySearch, movesWithVotes, orderOf } from "./gallery-search.ts";
import { useCounts } from "./use-counts.ts";
import { PAGE, useGalleryList } from "./use-gallery-list.ts";
import { useStanding } from "./use-standing.ts";

/** What changes in the tiles, and what there is to count. */
const GalleryEventsDocument = graphql(`
  subscription GalleryEvents($runId: ID!, $after: String) {
    runEvents(runId: $runId, after: $after) {
      cursor
      hasMore
      events {
        __typename
        id
        seq
        ...RatingsMoved_VoteEvent
        ... on CandidateEvent {
          candidate {
            id
            ...GalleryTile_Candidate
          }
        }
      }
    }
  }
`);

/** Nothing that the gallery shows changes with these. */
const ELSEWHERE: ReadonlySet<string> = new Set(["JobEvent", "AlertEvent", "DeliveryEvent"]);

interface LiveListOptions {
  readonly runId: string;
  /** `Run.eventCursor` as first read; undefined until it is known. */
  readonly cursor: string | undefined;
  readonly search: GallerySearch;
  readonly filter: CandidateFilter | undefined;
  /** Whether the filter is known: until then nothing is asked for. */
  readonly ready: boolean;
  /** The run or its steps have changed. */
  readonly onRunChanged: () => void;
}

/** The gallery's list while the run goes on: tiles change where they are, and what would move them is announced. */
export function useLiveList({ runId, cursor, search, filter, ready, onRunChanged }: LiveListOptions) {
  const list = useGalleryList({ runId, filter, order: orderOf(search), ready });
  const [counts, countAgain] = useCounts({ runId, filter, ready });
  const [visible, setVisible] = useState<readonly [first: number, last: number]>([0, 0]);
  const standingChanged = useStanding({ runId, items: list.items, visible });
  const [voted, setVoted] = useState(false);
  useRunEvents(GalleryEventsDocument, {
    runId,
    cursor,
    onBack() {
      standingChanged();
      countAgain();
      onRunChanged();
    },
    onEvents(events) {
      for (const { __typename: type } of events) {
        if (ELSEWHERE.has(type)) continue;
        if (type === "VoteEvent") {
          setVoted(true);
          standingChanged(BURST_MS);
        } else if (type === "CandidateEvent") {
          countAgain(BURST_MS);
          // An answer that was on its way meanwhile would put the tile back.
          standingChanged(BURST_MS);
        } else {
          standingChanged();
          countAgain();
          onRunChanged();
        }
      }
    },
  });

  const { total, want } = list;
  useEffect(() => want(visible[1] + PAGE / 2), [want, visible]);

  const restart = () => {
    setVoted(false);
    list.restart();
  };
  const change = announcement({
    difference: total === undefined || counts.matching === undefined ? 0 : counts.matching - total,
    voted: voted && movesWithVotes(search),
  });
  // Where nothing was shown nothing can move away under somebody's eyes.
  const fromNothing = total === 0 && change !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once each time that there is something.
  useEffect(() => {
    if (fromNothing) restart();
  }, [fromNothing]);

  return {
    list,
    counts,
    /** What the list would show anew, in words. */
    change: fromNothing ? undefined : change,
    restart,
    setVisible: (first: number, last: number) => setVisible([first, last]),
  };
}

import { useEffect, useState } from "react";
import type { CandidateFilter } from "../../gql/generated/graphql.ts";
import { isProgress, useRunLive } from "../run/run-live.ts";
import { announcement } from "./announcement.ts";
import { type GallerySearch, movesWithVotes, orderOf } from "./gallery-search.ts";
import { useCounts } from "./use-counts.ts";
import { PAGE, useGalleryList } from "./use-gallery-list.ts";
import { useStanding } from "./use-standing.ts";

interface LiveListOptions {
  readonly runId: string;
  /** `Run.eventCursor` as first read; undefined until it is known. */
  readonly cursor: string | undefined;
  readonly search: GallerySearch;
  readonly filter: CandidateFilter | undefined;
}

/** The gallery's list while the run goes on: tiles change where they are, and what would move them is announced. */
export function useLiveList({ runId, cursor, search, filter }: LiveListOptions) {
  const list = useGalleryList({ runId, filter, order: orderOf(search) });
  const [counts, countAgain] = useCounts(runId, filter);
  const [visible, setVisible] = useState<readonly [first: number, last: number]>([0, 0]);
  const standingChanged = useStanding({ runId, items: list.items, visible });
  const [voted, setVoted] = useState(false);
  useRunLive({
    runId,
    cursor,
    onEvents(events) {
      if (events.every(isProgress)) return;
      if (events.some(({ __typename }) => __typename === "VoteEvent")) setVoted(true);
      standingChanged();
      countAgain();
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

import { useEffect, useEffectEvent, useRef } from "react";
import { useClient } from "urql";
import { graphql } from "../../gql/generated/index.ts";
import type { Coalesced } from "../../lib/coalesce.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";
import { type GalleryCandidate, PAGE } from "./use-gallery-list.ts";

/** What changes about a candidate that exists. */
const GalleryStandingDocument = graphql(`
  query GalleryStanding($runId: ID!, $ids: [ID!]!, $first: Int!) {
    run(id: $runId) {
      id
      candidates(filter: { ids: $ids }, first: $first) {
        edges {
          cursor
          node {
            id
            status
            advancement
            elo
            voteCount
          }
        }
      }
    }
  }
`);

const REFETCH_MS = 1_000;

interface StandingOptions {
  readonly runId: string;
  readonly items: readonly GalleryCandidate[];
  /** The tiles on the screen, both ends included. */
  readonly visible: readonly [first: number, last: number];
}

/**
 * Keeps ratings, votes and decisions of the tiles on the screen current: a vote moves other ratings than those of the
 * two that were compared, and a decision settles what becomes of all. What is out of sight is read when it comes back.
 *
 * @returns what to call when something of the run has changed
 */
export function useStanding({ runId, items, visible }: StandingOptions): Coalesced["request"] {
  const client = useClient();
  const version = useRef(0);
  const readAt = useRef(new Map<number, number>());

  const read = useEffectEvent(async () => {
    const [from, to] = visible;
    for (let page = Math.floor(from / PAGE); page <= Math.floor(to / PAGE); page++) {
      const ids = items.slice(page * PAGE, (page + 1) * PAGE).map(({ id }) => id);
      if (ids.length === 0 || (readAt.current.get(page) ?? 0) >= version.current) continue;
      const now = version.current;
      readAt.current.set(page, now);
      const variables = { runId, ids, first: PAGE };
      const { error } = await client.query(GalleryStandingDocument, variables, { requestPolicy: "network-only" });
      if (error && readAt.current.get(page) === now) readAt.current.delete(page);
    }
  });
  const request = useCoalesced(() => void read(), REFETCH_MS);
  const changed: Coalesced["request"] = (patienceMs) => {
    version.current += 1;
    request(patienceMs);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: other tiles have come onto the screen.
  useEffect(() => {
    if (version.current > 0) request();
  }, [visible[0], visible[1], request]);
  return changed;
}

import { useCallback, useEffect, useRef, useState } from "react";
import { type CombinedError, type RequestPolicy, useClient } from "urql";
import type { CandidateFilter, CandidateOrder, GalleryTile_CandidateFragment } from "../../gql/generated/graphql.ts";
import { graphql, readFragment } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { GalleryTile_CandidateFragment as TileFragment } from "./gallery-tile.tsx";
import { type ChainState, createPageChain } from "./page-chain.ts";

/** The API's largest page. */
export const PAGE = 100;

const GalleryPageDocument = graphql(`
  query GalleryPage($runId: ID!, $filter: CandidateFilter, $order: CandidateOrder!, $first: Int!, $after: String) {
    run(id: $runId) {
      id
      candidates(filter: $filter, order: $order, first: $first, after: $after) {
        totalCount
        edges {
          cursor
          node {
            id
            ...GalleryTile_Candidate
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export type GalleryCandidate = GalleryTile_CandidateFragment;

export interface GalleryList {
  /** What has been read so far, in order. */
  readonly items: readonly GalleryCandidate[];
  /** How many match; undefined until it is known. */
  readonly total: number | undefined;
  readonly complete: boolean;
  readonly error: CombinedError | undefined;
  /** Reads on until so many are there. */
  readonly want: (count: number) => void;
  /** Reads the list anew: what has come, gone or moved since then shows. */
  readonly restart: () => void;
}

interface GalleryListOptions {
  readonly runId: string;
  readonly filter: CandidateFilter | undefined;
  readonly order: CandidateOrder;
  /** Whether to ask already. */
  readonly ready: boolean;
}

const NOTHING: ChainState<GalleryCandidate> = { nodes: [], total: undefined, complete: false };

/** The candidates of a run that match, in an order that holds while one looks: in each tile everything is current. */
export function useGalleryList({ runId, filter, order, ready }: GalleryListOptions): GalleryList {
  const client = useClient();
  const key = JSON.stringify([runId, filter, order]);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState({ key, chain: NOTHING });
  const [failure, setFailure] = useState<{ readonly key: string; readonly error: CombinedError }>();
  const chain = useRef<ReturnType<typeof createPageChain>>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what is asked for; a new attempt reads it anew.
  useEffect(() => {
    if (!ready) return;
    // Begun anew, what is remembered is what one no longer wants to see.
    const requestPolicy: RequestPolicy = attempt === 0 ? "cache-and-network" : "network-only";
    const opened = createPageChain<GalleryCandidate>({
      idOf: ({ id }) => id,
      onState: (next) => setState({ key, chain: next }),
      follow(after, onPage) {
        const variables = { runId, filter: filter ?? null, order, first: PAGE, after };
        const { unsubscribe } = client
          .query(GalleryPageDocument, variables, { requestPolicy })
          .subscribe(({ data, error: problem, stale }) => {
            if (problem) setFailure({ key, error: problem });
            if (!data?.run) return;
            setFailure(undefined);
            const { edges, totalCount, pageInfo } = data.run.candidates;
            const nodes = nodesOf({ edges }).map((node) => readFragment(TileFragment, node));
            onPage({ nodes, total: totalCount, ...pageInfo, endCursor: pageInfo.endCursor ?? null, stale });
          });
        return unsubscribe;
      },
    });
    chain.current = opened;
    return () => opened.close();
  }, [client, key, attempt, ready]);

  const want = useCallback((count: number) => chain.current?.want(count), []);
  const restart = useCallback(() => setAttempt((count) => count + 1), []);
  const current = state.key === key ? state.chain : NOTHING;
  // Another filter's failure says nothing of this one.
  const error = failure?.key === key ? failure.error : undefined;
  return { items: current.nodes, total: current.total, complete: current.complete, error, want, restart };
}

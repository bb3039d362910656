import { useState } from "react";
import { useQuery } from "urql";
import type { CandidateFilter, GalleryCountsQuery as GalleryCountsResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import type { Coalesced } from "../../lib/coalesce.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";

const GalleryCountsQuery = graphql(`
  query GalleryCounts($runId: ID!, $filter: CandidateFilter) {
    run(id: $runId) {
      id
      generatorsUsed
      modelsUsed
      all: candidates(first: 1) {
        totalCount
      }
      matching: candidates(first: 1, filter: $filter) {
        totalCount
      }
    }
  }
`);

const REFETCH_MS = 1_000;

export interface Counts {
  /** Candidates of the run. */
  readonly all: number | undefined;
  /** Those that match now, whether the list shows them already or not. */
  readonly matching: number | undefined;
  readonly generators: readonly string[];
  readonly models: readonly string[];
}

interface CountsOptions {
  readonly runId: string;
  readonly filter: CandidateFilter | undefined;
  /** Whether to ask already. */
  readonly ready: boolean;
}

/** How many there are now, and what they were made with. Also returns what to call when something has changed. */
export function useCounts({ runId, filter, ready }: CountsOptions): [Counts, Coalesced["request"]] {
  const key = JSON.stringify([runId, filter]);
  const [{ data, fetching, stale }, refetch] = useQuery({
    query: GalleryCountsQuery,
    variables: { runId, filter: filter ?? null },
    pause: !ready,
  });
  const changed = useCoalesced(() => refetch({ requestPolicy: "network-only" }), REFETCH_MS);
  // What was read last stays while it is read again; only the number of those that match belongs to its filter.
  const [latest, setLatest] = useState<{ key: string; run: NonNullable<GalleryCountsResult["run"]> }>();
  const run = fetching || stale ? undefined : data?.run;
  if (run && (latest?.run !== run || latest.key !== key)) setLatest({ key, run });
  const known = run ?? latest?.run;
  return [
    {
      all: known?.all.totalCount,
      matching: run || latest?.key === key ? known?.matching.totalCount : undefined,
      generators: known?.generatorsUsed ?? [],
      models: known?.modelsUsed ?? [],
    },
    changed,
  ];
}

import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useQuery } from "urql";
import { RunNotThere } from "../../components/run-not-there.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";
import { filterOf } from "./gallery-search.ts";
import { GalleryView } from "./gallery-view.tsx";
import { useLiveList } from "./use-live-list.ts";

const GalleryRunQuery = graphql(`
  query GalleryRun($runId: ID!) {
    run(id: $runId) {
      id
      number
      name
      prompt
      status
      eventCursor
      totalSteps
      steps {
        id
        position
        name
        kind
        status
        round
      }
    }
  }
`);

const REFETCH_MS = 1_000;

const route = getRouteApi("/runs/$runId/gallery");

/** Every candidate of a run: found, looked at, compared, decided on and taken along. */
export function GalleryPage() {
  const { runId } = route.useParams();
  return <Gallery key={runId} runId={runId} />;
}

function Gallery({ runId }: { readonly runId: string }) {
  const search = route.useSearch();
  const [{ data, error, fetching, stale }, refetch] = useQuery({ query: GalleryRunQuery, variables: { runId } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  const refresh = useCoalesced(reload, REFETCH_MS);
  const run = data?.run;
  const steps = run?.steps;
  const filter = useMemo(
    () => filterOf(search, new Map(steps?.map(({ position, id }) => [position, id]))),
    [search, steps],
  );
  const live = useLiveList({
    runId,
    cursor: fetching || stale ? undefined : run?.eventCursor,
    search,
    filter,
    // Beside the run, not after it: only what is asked of a single step takes that step's id.
    ready: search.step === undefined || steps !== undefined,
    onRunChanged: refresh,
  });
  if (run) return <GalleryView run={run} filter={filter} live={live} />;
  return <RunNotThere error={error} loading={!data || fetching} onRetry={reload} />;
}

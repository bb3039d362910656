import { getRouteApi } from "@tanstack/react-router";
import { useQuery } from "urql";
import { RunNotThere } from "../../components/run-not-there.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";
import { GalleryView } from "./gallery-view.tsx";

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
  const [{ data, error, fetching, stale }, refetch] = useQuery({ query: GalleryRunQuery, variables: { runId } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  const refresh = useCoalesced(reload, REFETCH_MS);
  const run = data?.run;
  if (run) {
    const cursor = fetching || stale ? undefined : run.eventCursor;
    return <GalleryView key={run.id} run={run} cursor={cursor} onChanged={refresh} />;
  }
  return <RunNotThere error={error} loading={!data || fetching} onRetry={reload} />;
}

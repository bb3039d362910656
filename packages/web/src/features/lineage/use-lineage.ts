import { useQuery } from "urql";
import { useCoalesced } from "../../lib/use-coalesced.ts";
import { BURST_MS, useRunEvents } from "../../lib/use-run-events.ts";
import { LineageEventsDocument, LineageQuery } from "./lineage-query.ts";

/** A run's candidates, kept current: ratings at once, what the tree consists of within three seconds. */
export function useLineage(runId: string) {
  const [{ data, error, fetching }, refetch] = useQuery({ query: LineageQuery, variables: { runId } });
  const run = data?.run;
  const reload = () => refetch({ requestPolicy: "network-only" });
  // A tree of thousands is large to read again.
  const refresh = useCoalesced(reload, BURST_MS);
  useRunEvents(LineageEventsDocument, {
    runId,
    cursor: run?.eventCursor,
    onBack: refresh,
    onEvents(events) {
      if (events.some(({ __typename }) => __typename !== "VoteEvent" && __typename !== "JobEvent")) refresh();
    },
  });
  return { run, error, reload, loading: !data || fetching };
}

import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useClient, useQuery } from "urql";
import type { LineageEventsSubscription } from "../../gql/generated/graphql.ts";
import { useOnReconnect } from "../../lib/connection-state.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";
import { LineageEventsDocument, LineageQuery } from "./lineage-query.ts";

/** A tree of thousands is large to read again; what a vote changes comes with its event. */
const REFRESH_MS = 2_000;
const RESTART_MS = 2_000;

/** A run's candidates, kept current: ratings at once, what the tree consists of within two seconds. */
export function useLineage(runId: string) {
  const [{ data, error, fetching }, refetch] = useQuery({ query: LineageQuery, variables: { runId } });
  const run = data?.run;
  const reload = () => refetch({ requestPolicy: "network-only" });
  const refresh = useCoalesced(reload, REFRESH_MS);
  useRunChanges(runId, run?.eventCursor, (events) => {
    if (events.some(({ __typename }) => __typename !== "VoteEvent" && __typename !== "JobEvent")) refresh();
  });
  useOnReconnect(refresh);
  return { run, error, reload, missing: data !== undefined && !run && !fetching };
}

type Events = LineageEventsSubscription["runEvents"]["events"];

/** Follows the run's events from the cursor that was known first. */
function useRunChanges(runId: string, cursor: string | undefined, onChange: (events: Events) => void): void {
  const client = useClient();
  const latest = useRef<string>(undefined);
  const [attempt, setAttempt] = useState(0);
  const known = cursor !== undefined;
  const startCursor = useEffectEvent(() => {
    latest.current ??= cursor;
    return latest.current ?? null;
  });
  const onBatch = useEffectEvent((batch: LineageEventsSubscription["runEvents"]) => {
    latest.current = batch.cursor;
    if (batch.events.length > 0) onChange(batch.events);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is a new subscription.
  useEffect(() => {
    if (!known) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const variables = { runId, after: startCursor() };
    const { unsubscribe } = client.subscription(LineageEventsDocument, variables).subscribe(({ data, error }) => {
      if (data) onBatch(data.runEvents);
      // Lost connections are the socket's business; this is a stream that the server ended with an error.
      if (error) timer ??= setTimeout(() => setAttempt((count) => count + 1), RESTART_MS);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [client, runId, known, attempt]);
}

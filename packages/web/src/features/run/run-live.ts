import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useClient, useQuery } from "urql";
import type { RunEventsSubscription } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { useOnReconnect } from "../../lib/connection-state.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";
import { createEventGate } from "./event-gate.ts";

const REFRESH_MS = 500;
/** A vote comes with all that it changes but how many are still missing, where a policy asks for some. */
const VOTES_REFRESH_MS = 3_000;
const RESTART_MS = 2_000;

const RunEventsDocument = graphql(`
  subscription RunEvents($runId: ID!, $after: String) {
    runEvents(runId: $runId, after: $after) {
      cursor
      hasMore
      events {
        __typename
        id
        seq
        type
        ... on RunChangedEvent {
          run {
            id
            ...RunHeader_Run
          }
        }
        ... on StepChangedEvent {
          step {
            id
            ...StepCard_Step
          }
        }
        ... on JobEvent {
          jobId
          step {
            id
            ...StepCard_Step
          }
        }
        ... on CandidateEvent {
          candidate {
            id
            ...CandidateTile_Candidate
          }
          step {
            id
            ...StepCard_Step
          }
        }
        ... on VoteEvent {
          step {
            id
            ...StepCard_Step
          }
          left {
            id
            elo
            voteCount
          }
          right {
            id
            elo
            voteCount
          }
        }
        ... on ApprovalEvent {
          approval {
            id
            status
            ...SignOffs_Approval
          }
          step {
            id
            ...StepCard_Step
          }
        }
        ... on AlertEvent {
          alert {
            id
            ...AlertCard_Alert
          }
        }
      }
    }
  }
`);

/** What events do not carry: why the run waits, its alerts, and the steps that a decision has just opened. */
const RunStateQuery = graphql(`
  query RunState($runId: ID!) {
    run(id: $runId) {
      id
      ...RunHeader_Run
      ...RunWaiting_Run
      steps {
        id
        ...StepCard_Step
      }
    }
  }
`);

export type RunEvent = RunEventsSubscription["runEvents"]["events"][number];

/** A job got further: the step that comes with the event says all that this changes. */
export function isProgress({ type }: RunEvent): boolean {
  return type === "job_progressed";
}

interface RunLiveOptions {
  readonly runId: string;
  /** `Run.eventCursor` as first read; undefined until it is known. */
  readonly cursor: string | undefined;
  /** Every event once, in order. */
  readonly onEvents: (events: readonly RunEvent[]) => void;
}

/**
 * The one event subscription of a page about a run. Events carry the nodes they changed, so the cache updates by
 * itself; what they do not carry is read again, at most twice a second.
 */
export function useRunLive({ runId, cursor, onEvents }: RunLiveOptions): void {
  const client = useClient();
  const [gate] = useState(createEventGate);
  const latest = useRef<string>(undefined);
  const [known, setKnown] = useState(false);
  // Once known it stays so: while the page reads itself again the cursor is undefined for a moment.
  if (!known && cursor !== undefined) setKnown(true);
  const [attempt, setAttempt] = useState(0);

  const [, refetchState] = useQuery({ query: RunStateQuery, variables: { runId }, pause: true });
  const readState = () => refetchState({ requestPolicy: "network-only" });
  const refresh = useCoalesced(readState, REFRESH_MS);
  const refreshAfterVotes = useCoalesced(readState, VOTES_REFRESH_MS);

  // The cursor of the first answer counts: the stream itself moves on from there, across reconnects too.
  const startCursor = useEffectEvent(() => {
    latest.current ??= cursor;
    return latest.current ?? null;
  });
  const onBatch = useEffectEvent((batch: RunEventsSubscription["runEvents"]) => {
    latest.current = batch.cursor;
    const events = gate(batch.events);
    if (events.length === 0) return;
    const more = events.filter((event) => !isProgress(event));
    if (more.some(({ __typename }) => __typename !== "VoteEvent")) refresh();
    else if (more.length > 0) refreshAfterVotes();
    onEvents(events);
  });

  // Not `useSubscription`: its handler runs while React renders, where nothing may be set in motion.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is a new subscription.
  useEffect(() => {
    if (!known) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const variables = { runId, after: startCursor() };
    const { unsubscribe } = client.subscription(RunEventsDocument, variables).subscribe(({ data, error }) => {
      if (data) onBatch(data.runEvents);
      // Lost connections are the socket's business; this is a stream that the server ended with an error.
      if (error) timer ??= setTimeout(() => setAttempt((count) => count + 1), RESTART_MS);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [client, runId, known, attempt]);
  useEffect(() => {
    if (attempt > 0) refresh();
  }, [attempt, refresh]);
  useOnReconnect(refresh);
}

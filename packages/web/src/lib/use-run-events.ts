import { useEffect, useEffectEvent, useRef, useState } from "react";
import { type TypedDocumentNode, useClient } from "urql";
import { graphql } from "../gql/generated/index.ts";
import { useOnReconnect } from "./connection-state.ts";
import { createEventGate } from "./event-gate.ts";

/**
 * Votes, jobs and candidates come many at a time, with the nodes they change: what else moves with them is read again
 * at once, and then at most so often.
 */
export const BURST_MS = 3_000;

const RESTART_MS = 2_000;

// What a vote changes about the two candidates: for the subscription of every page that shows some, and for the cache alone.
graphql(`
  fragment RatingsMoved_VoteEvent on VoteEvent {
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
`);

interface LoggedEvent {
  readonly __typename: string;
  readonly seq: number;
}

interface RunLog<E> {
  readonly runEvents: { readonly cursor: string; readonly events: readonly E[] };
}

interface RunEventsOptions<E> {
  readonly runId: string;
  /** `Run.eventCursor` as first read; undefined until it is known. */
  readonly cursor: string | undefined;
  /** Every event once, in order. */
  readonly onEvents: (events: readonly E[]) => void;
  /** The stream was lost and is there again, or is to be done without: what it does not carry may be old. */
  readonly onBack: () => void;
}

/**
 * The one event subscription of a page about a run, with the nodes that this page shows: the cache updates by itself,
 * and the page reads again only what events do not carry.
 */
export function useRunEvents<E extends LoggedEvent>(
  document: TypedDocumentNode<RunLog<E>, { runId: string; after: string | null }>,
  { runId, cursor, onEvents, onBack }: RunEventsOptions<E>,
): void {
  const client = useClient();
  const [gate] = useState(createEventGate);
  const latest = useRef<string>(undefined);
  const [known, setKnown] = useState(false);
  // Once known it stays so: while the page reads itself again the cursor is undefined for a moment.
  if (!known && cursor !== undefined) setKnown(true);
  const [attempt, setAttempt] = useState(0);

  // The cursor of the first answer counts: the stream itself moves on from there, across reconnects too.
  const startCursor = useEffectEvent(() => {
    latest.current ??= cursor;
    return latest.current ?? null;
  });
  const onBatch = useEffectEvent((batch: RunLog<E>["runEvents"]) => {
    latest.current = batch.cursor;
    const events = gate(batch.events);
    if (events.length > 0) onEvents(events);
  });

  // Not `useSubscription`: its handler runs while React renders, where nothing may be set in motion.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is a new subscription.
  useEffect(() => {
    if (!known) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { unsubscribe } = client
      .subscription(document, { runId, after: startCursor() })
      .subscribe(({ data, error }) => {
        if (data) onBatch(data.runEvents);
        // Lost connections are the socket's business; this is a stream that the server ended with an error.
        if (error) timer ??= setTimeout(() => setAttempt((count) => count + 1), RESTART_MS);
      });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [client, document, runId, known, attempt]);

  const onRestart = useEffectEvent(onBack);
  useEffect(() => {
    if (attempt > 0) onRestart();
  }, [attempt]);
  useOnReconnect(onBack);
}

import { randomId } from "@mantine/hooks";
import { useEffect, useEffectEvent, useReducer, useRef, useState, useSyncExternalStore } from "react";
import { useClient } from "urql";
import type { VoteOutcome } from "../../gql/generated/graphql.ts";
import { useOnReconnect } from "../../lib/connection-state.ts";
import { isLeaving } from "../../lib/sign-in.ts";
import type { OutboxEvent } from "./outbox.ts";
import { outboxFor } from "./outboxes.ts";
import {
  mayVote,
  reduceSession,
  type Session,
  type SessionAction,
  type Side,
  samePair,
  startSession,
} from "./session.ts";
import { askNextPair, askPair, type VotingPair } from "./vote-requests.ts";

/** Pairs kept ready behind the one on the screen: enough for who votes faster than the network. */
const AHEAD = 2;

interface VotingOptions {
  readonly stepId: string;
  readonly viewerId: string;
  /** Two candidates to begin with, instead of what the step would propose. */
  readonly begin: { readonly left: string; readonly right: string } | undefined;
  /** A vote was refused: what is known of the step may be old. */
  readonly onRefused: () => void;
}

/**
 * Judging one step's pairs, one after the other. A vote puts the next pair on the screen at once and is sent behind it;
 * one that is refused brings its pair back, with the reason. Pairs are held here and not read from the cache: what is
 * prepared must not replace what is looked at.
 */
export function useVoting({ stepId, viewerId, begin, onRefused }: VotingOptions) {
  const client = useClient();
  const [outbox] = useState(() => outboxFor(client, viewerId, stepId));
  const sending = useSyncExternalStore(outbox.listen, outbox.state);
  const [session, dispatch] = useReducer(
    reduceSession as (state: Session<VotingPair>, action: SessionAction<VotingPair>) => Session<VotingPair>,
    undefined,
    () => startSession<VotingPair>(outbox.past().map(({ voteKey, pair }) => ({ voteKey, pair }))),
  );
  const asking = useRef<"no" | "once" | "again">("no");
  const begun = useRef(begin === undefined);
  // State is a render behind: of two presses in one frame only the first is about this pair.
  const judged = useRef<number>(undefined);

  const known = (): readonly VotingPair[] => [
    ...[session.now, ...session.ahead].flatMap((shown) => (shown ? [shown.pair] : [])),
    ...outbox.pending(),
  ];
  const isKnown = useEffectEvent((pair: VotingPair) => known().some((each) => samePair(each, pair)));

  const ask = async (): Promise<void> => {
    const first = begun.current || !begin ? undefined : await askPair(client, begin.left, begin.right);
    begun.current = true;
    if (first) return dispatch({ type: "fetched", pair: first });
    const besides = [...new Set(known().flatMap(({ leftId, rightId }) => [leftId, rightId]))];
    let answer = await askNextPair(client, stepId, besides);
    // `besides` leaves out every pair among these candidates, which may be more than the pairs that are known.
    if (answer.ok && !answer.pair && besides.length > 2)
      answer = await askNextPair(client, stepId, besides.slice(0, 2));
    if (!answer.ok) return dispatch({ type: "failed", words: answer.words });
    if (answer.pair && !isKnown(answer.pair)) dispatch({ type: "fetched", pair: answer.pair });
    // While votes are on their way, the server may know of pairs that are judged, and of none that is not.
    else if (outbox.state().waiting === 0) dispatch({ type: "fetched", pair: undefined });
  };
  const fill = useEffectEvent(() => {
    if (asking.current !== "no") {
      asking.current = "again";
      return;
    }
    if (session.phase === "failed" || session.phase === "done" || session.ahead.length >= AHEAD) return;
    asking.current = "once";
    void ask().finally(() => {
      const again = asking.current === "again";
      asking.current = "no";
      if (again) fill();
    });
  });
  const turn = session.now?.turn;
  const prepared = session.ahead.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each is a reason to look whether a pair is missing.
  useEffect(() => fill(), [turn, prepared, session.phase, sending.waiting]);

  const onEvent = useEffectEvent((event: OutboxEvent<VotingPair>) => {
    if (event.type === "changed") return;
    const { vote, words } = event;
    if (event.type === "refused") {
      dispatch({ type: "refused", voteKey: vote.voteKey, words, showAgain: event.showAgain });
      onRefused();
    } else dispatch({ type: "said", words });
  });
  useEffect(() => outbox.listen((event) => onEvent(event)), [outbox]);
  useWarnOfLoss(sending.waiting > 0 && !sending.reachable);

  const restart = () => dispatch({ type: "load" });
  const onReachable = useEffectEvent(() => {
    if (session.phase === "failed") restart();
  });
  useOnReconnect(() => onReachable());
  useEffect(() => {
    if (sending.reachable) onReachable();
  }, [sending.reachable]);

  return {
    session,
    sending,
    vote(outcome: VoteOutcome) {
      const { now } = session;
      if (!now || judged.current === now.turn || !mayVote(session, outcome)) return;
      judged.current = now.turn;
      const voteKey = randomId("vote-");
      dispatch({ type: "judge", voteKey });
      outbox.add({ voteKey, pair: now.pair, outcome });
    },
    undo() {
      const last = session.past.at(-1);
      if (!last) return;
      dispatch({ type: "undo" });
      outbox.undo(last.voteKey);
    },
    restart,
    onMedia: (of: number, side: Side, state: "ready" | "failed") => dispatch({ type: "media", turn: of, side, state }),
  };
}

/** Votes outlast a reload and other pages; of what only this tab knows, the browser asks before it is closed. */
function useWarnOfLoss(unsent: boolean): void {
  useEffect(() => {
    if (!unsent) return;
    // They are sent once their voter has signed in again.
    const ask = (event: BeforeUnloadEvent) => isLeaving() || event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [unsent]);
}

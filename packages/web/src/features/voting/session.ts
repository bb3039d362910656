import type { VoteOutcome } from "../../gql/generated/graphql.ts";

/** Two candidates side by side; a reversed pair is another pair on the screen but the same one to judge. */
export interface PairLike {
  readonly leftId: string;
  readonly rightId: string;
}

type Side = "left" | "right";
type Loading = "loading" | "ready" | "failed";

export interface Session<P extends PairLike> {
  readonly phase: "loading" | "judging" | "submitting" | "undoing" | "done" | "failed";
  readonly pair: P | undefined;
  /** Rises with every pair put on the screen, so that a candidate that stays is loaded and waited for anew. */
  readonly turn: number;
  readonly left: Loading;
  readonly right: Loading;
  /** While submitting: what was chosen, to show it. */
  readonly chosen: VoteOutcome | undefined;
  /** This visit's own votes, oldest first, for undo. */
  readonly past: readonly { readonly voteId: string; readonly pair: P }[];
  /** What went wrong, in words. */
  readonly words: string | undefined;
}

export type SessionAction<P extends PairLike> =
  | { readonly type: "load" }
  | { readonly type: "pair"; readonly pair: P | undefined }
  | { readonly type: "media"; readonly candidateId: string; readonly state: "ready" | "failed" }
  | { readonly type: "submit"; readonly outcome: VoteOutcome }
  | { readonly type: "voted"; readonly voteId: string }
  | { readonly type: "undo" }
  | { readonly type: "undone" }
  | { readonly type: "refused"; readonly words: string }
  | { readonly type: "failed"; readonly words: string };

const EMPTY = {
  phase: "loading",
  pair: undefined,
  left: "loading",
  right: "loading",
  chosen: undefined,
  words: undefined,
} as const;

export function startSession<P extends PairLike>(): Session<P> {
  return { ...EMPTY, turn: 0, past: [] };
}

/** Whether the two are the same comparison, whichever is on the left. */
export function samePair(one: PairLike | undefined, other: PairLike | undefined): boolean {
  if (!one || !other) return false;
  return (
    (one.leftId === other.leftId && one.rightId === other.rightId) ||
    (one.leftId === other.rightId && one.rightId === other.leftId)
  );
}

/** A judgement needs both candidates on the screen; a pair that cannot be shown can only be skipped. */
export function mayVote<P extends PairLike>(session: Session<P>, outcome: VoteOutcome): boolean {
  if (session.phase !== "judging") return false;
  if (session.left === "ready" && session.right === "ready") return true;
  return outcome === "SKIP" && (session.left === "failed" || session.right === "failed");
}

export function mayUndo<P extends PairLike>(session: Session<P>): boolean {
  return (
    session.past.length > 0 && (session.phase === "judging" || session.phase === "done" || session.phase === "loading")
  );
}

export function reduceSession<P extends PairLike>(session: Session<P>, action: SessionAction<P>): Session<P> {
  switch (action.type) {
    case "load":
      return { ...EMPTY, turn: session.turn, past: session.past };
    case "pair":
      return {
        ...EMPTY,
        turn: session.turn + 1,
        past: session.past,
        phase: action.pair ? "judging" : "done",
        pair: action.pair,
      };
    case "media": {
      const side = sideOf(session.pair, action.candidateId);
      return side ? { ...session, [side]: action.state } : session;
    }
    case "submit":
      if (!mayVote(session, action.outcome)) return session;
      return { ...session, phase: "submitting", chosen: action.outcome, words: undefined };
    case "voted": {
      if (session.phase !== "submitting" || !session.pair) return session;
      return { ...EMPTY, turn: session.turn, past: [...session.past, { voteId: action.voteId, pair: session.pair }] };
    }
    case "undo":
      return mayUndo(session) ? { ...session, phase: "undoing", words: undefined } : session;
    case "undone": {
      const last = session.past.at(-1);
      return {
        ...EMPTY,
        turn: session.turn + 1,
        phase: last ? "judging" : "loading",
        pair: last?.pair,
        past: session.past.slice(0, -1),
      };
    }
    case "refused":
      return { ...session, phase: session.pair ? "judging" : "done", chosen: undefined, words: action.words };
    case "failed":
      return { ...EMPTY, turn: session.turn, past: session.past, phase: "failed", words: action.words };
    default:
      return action satisfies never;
  }
}

function sideOf(pair: PairLike | undefined, candidateId: string): Side | undefined {
  if (pair?.leftId === candidateId) return "left";
  return pair?.rightId === candidateId ? "right" : undefined;
}

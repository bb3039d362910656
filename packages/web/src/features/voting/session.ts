/** Two candidates side by side; a reversed pair is another pair on the screen but the same one to judge. */
export interface PairLike {
  readonly leftId: string;
  readonly rightId: string;
}

export type Side = "left" | "right";
export type Loading = "loading" | "ready" | "failed";

/** A pair in the page, on the screen or prepared behind it. */
export interface Shown<P extends PairLike> {
  /** Names it among all that this visit has shown: a pair that comes back is loaded and waited for anew. */
  readonly turn: number;
  readonly pair: P;
  readonly left: Loading;
  readonly right: Loading;
}

/** A vote of this visit, whether it has arrived at the server or not. */
export interface PastVote<P extends PairLike> {
  readonly voteKey: string;
  readonly pair: P;
}

export interface Session<P extends PairLike> {
  /** "loading": no pair is there, and one is being asked for. "done": there is none. */
  readonly phase: "loading" | "judging" | "done" | "failed";
  readonly now: Shown<P> | undefined;
  /** Loaded out of sight, in the order they will be shown. */
  readonly ahead: readonly Shown<P>[];
  /** Oldest first, for undo. */
  readonly past: readonly PastVote<P>[];
  readonly turns: number;
  /** What went wrong, in words. */
  readonly words: string | undefined;
}

export type SessionAction<P extends PairLike> =
  | { readonly type: "load" }
  | { readonly type: "fetched"; readonly pair: P | undefined }
  | { readonly type: "media"; readonly turn: number; readonly side: Side; readonly state: "ready" | "failed" }
  | { readonly type: "judge"; readonly voteKey: string }
  | { readonly type: "undo" }
  | { readonly type: "refused"; readonly voteKey: string; readonly words: string; readonly showAgain: boolean }
  | { readonly type: "said"; readonly words: string | undefined }
  | { readonly type: "failed"; readonly words: string };

/** More than anybody takes back, and little to keep. */
const PAST_KEPT = 20;

export function startSession<P extends PairLike>(past: readonly PastVote<P>[] = []): Session<P> {
  return { phase: "loading", now: undefined, ahead: [], past, turns: 0, words: undefined };
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
export function mayVote<P extends PairLike>({ now }: Session<P>, outcome: string): boolean {
  if (!now) return false;
  if (now.left === "ready" && now.right === "ready") return true;
  return outcome === "SKIP" && (now.left === "failed" || now.right === "failed");
}

export function mayUndo<P extends PairLike>(session: Session<P>): boolean {
  return session.past.length > 0;
}

export function reduceSession<P extends PairLike>(session: Session<P>, action: SessionAction<P>): Session<P> {
  switch (action.type) {
    case "load":
      return session.now ? session : { ...session, phase: "loading", words: undefined };
    case "fetched":
      return withFetched(session, action.pair);
    case "media": {
      const mark = (shown: Shown<P>) =>
        shown.turn === action.turn ? { ...shown, [action.side]: action.state } : shown;
      return { ...session, now: session.now && mark(session.now), ahead: session.ahead.map(mark) };
    }
    case "judge": {
      if (!session.now) return session;
      const [now, ...ahead] = session.ahead;
      const past = [...session.past, { voteKey: action.voteKey, pair: session.now.pair }].slice(-PAST_KEPT);
      return { ...session, phase: now ? "judging" : "loading", now, ahead, past, words: undefined };
    }
    case "undo": {
      const last = session.past.at(-1);
      return last ? { ...showAgain(session, last.pair), past: session.past.slice(0, -1), words: undefined } : session;
    }
    case "refused": {
      const refused = session.past.find(({ voteKey }) => voteKey === action.voteKey);
      const next = { ...session, past: session.past.filter((each) => each !== refused), words: action.words };
      return refused && action.showAgain ? showAgain(next, refused.pair) : next;
    }
    case "said":
      return { ...session, words: action.words };
    case "failed":
      return session.now ? session : { ...session, phase: "failed", words: action.words };
    default:
      return action satisfies never;
  }
}

function withFetched<P extends PairLike>(session: Session<P>, pair: P | undefined): Session<P> {
  if (!pair) return session.now ? session : { ...session, phase: "done" };
  // It may have come back by undo while it was on its way.
  if ([session.now, ...session.ahead].some((shown) => samePair(shown?.pair, pair))) return session;
  const shown = load(session, pair);
  const turns = session.turns + 1;
  if (session.now) return { ...session, ahead: [...session.ahead, shown], turns };
  return { ...session, phase: "judging", now: shown, turns };
}

/** The pair that is on the screen comes next after it. */
function showAgain<P extends PairLike>(session: Session<P>, pair: P): Session<P> {
  const rest = [session.now, ...session.ahead].filter((shown) => shown !== undefined);
  return {
    ...session,
    phase: "judging",
    now: load(session, pair),
    ahead: rest.filter((shown) => !samePair(shown.pair, pair)),
    turns: session.turns + 1,
  };
}

function load<P extends PairLike>({ turns }: Session<P>, pair: P): Shown<P> {
  return { turn: turns + 1, pair, left: "loading", right: "loading" };
}

import type { VoteOutcome } from "../../gql/generated/graphql.ts";
import type { PairLike } from "./session.ts";

export interface OutVote<P extends PairLike> {
  /** Names it before the server does. */
  readonly voteKey: string;
  readonly pair: P;
  readonly outcome: VoteOutcome;
}

/** A vote that did not arrive, and may yet: it is tried again. */
interface Unreachable {
  readonly kind: "unreachable";
}

interface Refused {
  readonly kind: "refused";
  readonly words: string;
  /** Whether this pair can still be judged, so that it is worth showing again. */
  readonly showAgain: boolean;
  /** No vote on this step counts any more: those that wait are not sent. */
  readonly over: boolean;
}

export type CastAnswer =
  | { readonly kind: "cast"; readonly voteId: string }
  /**
   * It is judged already: by this very vote where an answer was lost, or elsewhere by the same person. `words` where that
   * vote, which stands, says something else.
   */
  | { readonly kind: "judged"; readonly voteId: string; readonly words: string | undefined }
  | Refused
  | Unreachable;
export type TakeBackAnswer =
  | { readonly kind: "taken-back" }
  | { readonly kind: "refused"; readonly words: string }
  | Unreachable;

export interface Stored<P extends PairLike> {
  /** In the order in which they are sent: votes, and with `takenBack` that one of before is taken back. */
  readonly waiting: readonly (OutVote<P> & { readonly takenBack?: true })[];
  /** Arrived votes with the server's id, which can be taken back. */
  readonly arrived: readonly (OutVote<P> & { readonly voteId: string })[];
}

export interface OutboxDeps<P extends PairLike> {
  readonly cast: (vote: OutVote<P>) => Promise<CastAnswer>;
  readonly takeBack: (voteId: string) => Promise<TakeBackAnswer>;
  /** Resolves when it is worth trying again. */
  readonly untilReachable: () => Promise<void>;
  readonly load: () => Stored<P>;
  readonly save: (stored: Stored<P>) => void;
  /** Something was refused, and no page is there to say so. */
  readonly onUnheard: (words: string) => void;
}

export type OutboxEvent<P extends PairLike> =
  | { readonly type: "refused"; readonly vote: OutVote<P>; readonly words: string; readonly showAgain: boolean }
  | { readonly type: "not-taken-back"; readonly vote: OutVote<P>; readonly words: string }
  /** Another vote on this pair stands. It is kept in this one's place, so that it can be taken back here. */
  | { readonly type: "other-stands"; readonly vote: OutVote<P>; readonly words: string }
  /** The state has changed. */
  | { readonly type: "changed" };

export interface OutboxState {
  /** Votes that have not arrived, and takings back. */
  readonly waiting: number;
  readonly reachable: boolean;
}

type Task<P extends PairLike> =
  | { readonly type: "cast"; readonly vote: OutVote<P>; tried: boolean }
  | { readonly type: "take-back"; readonly vote: OutVote<P> };

/** As many as the page can show again. */
const ARRIVED_KEPT = 20;

/**
 * Sends one person's votes on one step in the order they were given, one at a time, and goes on for as long as it
 * takes: the page shows the next pair meanwhile, may be left, and is told what was refused. Votes that have not arrived
 * are stored, so that a reload sends them again; sent twice, the second is known for what it is.
 */
export function createOutbox<P extends PairLike>(deps: OutboxDeps<P>) {
  const stored = deps.load();
  const tasks: Task<P>[] = stored.waiting.map(({ takenBack, ...vote }) =>
    takenBack
      ? { type: "take-back", vote: vote as OutVote<P> }
      : { type: "cast", vote: vote as OutVote<P>, tried: true },
  );
  let arrived = [...stored.arrived];
  let reachable = true;
  let working = false;
  const listeners = new Set<(event: OutboxEvent<P>) => void>();
  const tell = (event: OutboxEvent<P>) => {
    if (event.type !== "changed" && listeners.size === 0) deps.onUnheard(event.words);
    for (const listener of listeners) listener(event);
  };
  let state: OutboxState = { waiting: tasks.length, reachable };
  const changed = () => {
    const waiting = tasks.map(({ type, vote }) => (type === "cast" ? vote : { ...vote, takenBack: true as const }));
    deps.save({ waiting, arrived });
    state = { waiting: tasks.length, reachable };
    tell({ type: "changed" });
  };

  const cast = async (task: Extract<Task<P>, { type: "cast" }>): Promise<boolean> => {
    const { vote } = task;
    task.tried = true;
    const answer = await deps.cast(vote);
    if (answer.kind === "unreachable") return false;
    tasks.shift();
    if (answer.kind === "cast" || answer.kind === "judged") {
      arrived = [...arrived, { ...vote, voteId: answer.voteId }].slice(-ARRIVED_KEPT);
      if (answer.kind === "judged" && answer.words !== undefined) {
        tell({ type: "other-stands", vote, words: answer.words });
      }
    } else {
      const lost = answer.over ? dropVotes() : [];
      tell({ type: "refused", vote, words: wordsFor(answer.words, lost.length), showAgain: answer.showAgain });
    }
    return true;
  };

  const dropVotes = () => {
    const lost = tasks.filter(({ type }) => type === "cast");
    tasks.splice(0, tasks.length, ...tasks.filter(({ type }) => type !== "cast"));
    return lost;
  };

  const takeBack = async ({ vote }: Task<P>): Promise<boolean> => {
    const voteId = arrived.find(({ voteKey }) => voteKey === vote.voteKey)?.voteId;
    const answer = voteId === undefined ? { kind: "taken-back" as const } : await deps.takeBack(voteId);
    if (answer.kind === "unreachable") return false;
    tasks.shift();
    if (answer.kind === "refused") tell({ type: "not-taken-back", vote, words: answer.words });
    else arrived = arrived.filter(({ voteKey }) => voteKey !== vote.voteKey);
    return true;
  };

  const work = async () => {
    if (working) return;
    working = true;
    for (let task = tasks[0]; task !== undefined; task = tasks[0]) {
      reachable = await (task.type === "cast" ? cast(task) : takeBack(task));
      changed();
      if (!reachable) await deps.untilReachable();
    }
    working = false;
  };
  void work();

  return {
    add(vote: OutVote<P>) {
      tasks.push({ type: "cast", vote, tried: false });
      changed();
      void work();
    },
    /** One that has not been sent is not sent; any other is taken back once it has arrived. */
    undo(voteKey: string) {
      const place = tasks.findIndex((task) => task.type === "cast" && task.vote.voteKey === voteKey);
      const task = tasks[place];
      if (task?.type === "cast" && !task.tried) tasks.splice(place, 1);
      else {
        const vote = task?.vote ?? arrived.find((each) => each.voteKey === voteKey);
        if (vote) tasks.push({ type: "take-back", vote });
      }
      changed();
      void work();
    },
    state: (): OutboxState => state,
    /** Pairs whose votes have not arrived: the server would propose them again. */
    pending: (): readonly P[] => tasks.map(({ vote }) => vote.pair),
    /** What can be undone, oldest first: for a page that has just been opened. */
    past(): readonly OutVote<P>[] {
      const undone = new Set(tasks.flatMap(({ type, vote }) => (type === "take-back" ? [vote.voteKey] : [])));
      const cast = tasks.flatMap((task) => (task.type === "cast" ? [task.vote] : []));
      return [...arrived, ...cast].filter(({ voteKey }) => !undone.has(voteKey));
    },
    listen(listener: (event: OutboxEvent<P>) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export type Outbox<P extends PairLike> = ReturnType<typeof createOutbox<P>>;

function wordsFor(words: string, lost: number): string {
  if (lost === 0) return words;
  return `${words} The ${lost === 1 ? "vote" : `${lost} votes`} after it ${lost === 1 ? "was" : "were"} not sent.`;
}

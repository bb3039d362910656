import type pg from "pg";
import type { Actor } from "./actor.ts";
import { type CastVoteInput, type CastVoteResult, voteCaster } from "./commands/cast-vote.ts";
import type { EngineDeps } from "./deps.ts";
import { type EventTail, startEventTail } from "./events/event-tail.ts";

/** What a process needs of the engine: the commands' dependencies, and the two parts of it that keep state. */
export interface Engine extends EngineDeps, AsyncDisposable {
  readonly tail: EventTail;
  /** `castVote`, with the votes in flight together committed together. */
  readonly castVote: (actor: Actor, input: CastVoteInput) => Promise<CastVoteResult>;
}

export interface EngineOptions {
  /** Stays the caller's to end. */
  readonly pool: pg.Pool;
  readonly gates: "on" | "off";
  /** Hears of failures that no caller waits for. */
  readonly onError: (error: unknown) => void;
  /** Hears, in a sentence, of what an operator should look at. */
  readonly onWarning?: (message: string) => void;
}

export function createEngine({ pool, gates, onError, onWarning }: EngineOptions): Engine {
  const tail = startEventTail(pool, { onError, ...(onWarning && { onWarning }) });
  const deps: EngineDeps = { pool, gates, wake: () => tail.wake() };
  return { ...deps, tail, castVote: voteCaster(deps), [Symbol.asyncDispose]: () => tail[Symbol.asyncDispose]() };
}

/**
 * The same engine on other connections, such as those whose statements may not take long. One tail serves both, and is
 * `engine`'s to end.
 *
 * @param pool stays the caller's to end
 */
export function engineOn(engine: Engine, pool: pg.Pool): Engine {
  return { ...engine, pool, castVote: voteCaster({ ...engine, pool }) };
}

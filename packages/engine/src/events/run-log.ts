import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import type { EventTail } from "./event-tail.ts";
import type { RunEventType } from "./event-types.ts";
import { live } from "./live.ts";

export interface LoggedEvent {
  readonly id: string;
  readonly runId: number;
  readonly seq: number;
  readonly type: RunEventType;
  readonly at: Date;
  readonly actorName: string | null;
  readonly data: { readonly [key: string]: unknown };
}

export interface EventBatch {
  readonly events: readonly LoggedEvent[];
  /** Number of the last event in the batch, or where the reader was. */
  readonly cursor: number;
  readonly hasMore: boolean;
}

const PAGE = 200;

/**
 * A run's events after a cursor, oldest first.
 *
 * @param after number of the last event the reader has; 0 for all
 * @param first 1 to 500
 */
export async function readRunLog(deps: EngineDeps, runId: number, after: number, first = PAGE): Promise<EventBatch> {
  const limit = Math.min(500, Math.max(1, first));
  const rows = await queryable(deps.pool).many<LoggedEvent>(
    `SELECT id, pipeline_run_id AS "runId", seq, type, at, actor_name AS "actorName", data FROM run_events
     WHERE pipeline_run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [runId, after, limit + 1],
  );
  const events = rows.slice(0, limit);
  return { events, cursor: events.at(-1)?.seq ?? after, hasMore: rows.length > limit };
}

/**
 * Replays a run's events after a cursor, then follows: each exactly once, in order. The reader's pace sets the speed,
 * since rows are read when it asks for more; who reconnects with its last cursor goes on where it was.
 */
export function followRunLog(
  deps: EngineDeps & { readonly tail: EventTail },
  runId: number,
  after: number,
): AsyncIterableIterator<EventBatch> {
  let cursor = after;
  let more = false;
  const feed = live(
    deps.tail,
    (event) => event.runId === runId,
    async () => {
      const batch = await readRunLog(deps, runId, cursor);
      cursor = batch.cursor;
      more = batch.hasMore;
      return batch.events.length > 0 ? batch : undefined;
    },
  );
  return {
    next: async () => {
      if (!more) return await feed.next();
      const batch = await readRunLog(deps, runId, cursor);
      cursor = batch.cursor;
      more = batch.hasMore;
      return { value: batch, done: false };
    },
    return: async () => (await feed.return?.()) ?? { value: undefined, done: true },
    throw: async (error) => (await feed.throw?.(error)) ?? { value: undefined, done: true },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * A cursor as clients hold it: the number of an event, as text.
 *
 * @returns 0 where there is none
 * @throws InvalidInputError
 */
export function parseCursor(cursor: string | null | undefined): number {
  if (cursor === null || cursor === undefined || cursor === "") return 0;
  const seq = /^\d{1,9}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (Number.isNaN(seq))
    throw new InvalidInputError(
      "This is no cursor of a run's events. Leave `after` out to begin at the first.",
      "after",
    );
  return seq;
}

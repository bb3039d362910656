import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { queryable } from "../db/queryable.ts";
import type { RunEventType } from "./event-types.ts";
import { heldBackWatch, type Snapshot } from "./held-back.ts";

/** One event as the tail sees it: enough to decide who has to look. */
export interface TailEvent {
  readonly runId: number;
  readonly seq: number;
  readonly type: RunEventType;
  readonly data: { readonly [key: string]: unknown };
}

export type TailListener = (events: readonly TailEvent[]) => void;

/** Follows the events of all runs, of every process on this database. */
export interface EventTail extends AsyncDisposable {
  /** Calls `listener` with what is committed from the moment on in which `ready` resolves, until `stop` is called. */
  listen(listener: TailListener): { readonly ready: Promise<void>; stop(): void };
  /** Makes the tail look at once. */
  wake(): void;
}

const INTERVAL_MS = 15;
const PAGE = 1_000;
const SNAPSHOT_INTERVAL_MS = 1_000;

/**
 * Starts a tail over `run_events`. It looks every 15 ms while somebody listens, and rests while nobody does.
 *
 * Rows are read in the order (xid, id), below `log_xmin()`: ids become visible out of order, so a reader that
 * asks for `id > last` loses rows; below it nothing can appear later any more. There is no NOTIFY in the writing
 * transactions, because it would serialise their commits.
 *
 * @param options.onError hears of a failed look; the tail goes on from where it was
 * @param options.onWarning hears when an open transaction holds the tail back
 */
export function startEventTail(
  pool: pg.Pool,
  options: { readonly onError: (error: unknown) => void; readonly onWarning?: (message: string) => void },
): EventTail {
  const db = queryable(pool);
  const listeners = new Set<TailListener>();
  let cursor: { xid: string; id: string } | undefined;
  let ready = Promise.withResolvers<void>();
  let looking: Promise<void> | undefined;
  let again = false;
  let ended = false;
  const rest = new AbortController();
  const seeSnapshot = heldBackWatch((message) => options.onWarning?.(message));
  let snapshotAt = 0;

  const watchSnapshot = async (): Promise<void> => {
    if (Date.now() - snapshotAt < SNAPSHOT_INTERVAL_MS) return;
    snapshotAt = Date.now();
    seeSnapshot(
      await db.one<Snapshot>(
        `SELECT pg_snapshot_xmin(s)::text AS xmin, pg_snapshot_xmax(s)::text AS xmax FROM pg_current_snapshot() AS s`,
      ),
    );
  };
  const look = async (): Promise<void> => {
    if (!cursor) {
      const { xid } = await db.one<{ xid: string }>(`SELECT log_xmin()::text AS xid`);
      cursor = { xid, id: "0" };
      ready.resolve();
    }
    const rows = await db.many<TailEvent & { xid: string; id: string }>(
      `SELECT id, xid::text AS xid, pipeline_run_id AS "runId", seq, type, data FROM run_events
       WHERE (xid, id) > ($1::text::xid8, $2::bigint) AND xid < log_xmin()
       ORDER BY run_events.xid, run_events.id LIMIT ${PAGE}`,
      [cursor.xid, cursor.id],
    );
    const last = rows.at(-1);
    if (!last) return;
    cursor = { xid: last.xid, id: last.id };
    again ||= rows.length === PAGE;
    for (const listener of [...listeners]) {
      try {
        listener(rows);
      } catch (error) {
        options.onError(error);
      }
    }
  };

  const follow = async (): Promise<void> => {
    while (!ended && listeners.size > 0) {
      again = false;
      try {
        await look();
        await watchSnapshot();
      } catch (error) {
        options.onError(error);
        await sleep(1_000, undefined, { signal: rest.signal }).catch(() => undefined);
      }
      if (!again) await pause();
    }
    // Whoever listens next begins with what is new by then.
    cursor = undefined;
    ready = Promise.withResolvers();
    looking = undefined;
    if (!ended && listeners.size > 0) start();
  };

  let endPause: (() => void) | undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, INTERVAL_MS);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const start = (): void => {
    looking ??= follow();
  };

  return {
    listen(listener) {
      // Wrapped, so that the same function may listen twice.
      const entry: TailListener = (events) => listener(events);
      listeners.add(entry);
      start();
      return { ready: ready.promise, stop: () => void listeners.delete(entry) };
    },
    wake() {
      again = true;
      endPause?.();
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      ready.resolve();
      listeners.clear();
      rest.abort();
      endPause?.();
      await looking;
    },
  };
}

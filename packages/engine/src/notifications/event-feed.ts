import { type Queryable, queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";

/** One event of any run, as a follower with a kept cursor reads it. */
export interface FedEvent {
  /** Unique over all runs. */
  readonly id: string;
  readonly runId: number;
  readonly type: string;
  readonly at: Date;
  readonly actorName: string | null;
  readonly data: { readonly [key: string]: unknown };
}

const PAGE = 500;

/**
 * Makes a follower that begins with what happens from now on; one that is known goes on where it was. The order of
 * (xid, id) below `log_xmin()` is the one of the event tail: nothing is ever written behind the cursor.
 */
export async function beginFeed(deps: EngineDeps, name: string): Promise<void> {
  await queryable(deps.pool).query(
    `INSERT INTO event_cursors (name, xid, id) VALUES ($1, log_xmin(), 0)
     ON CONFLICT DO NOTHING`,
    [name],
  );
}

/** Whether there is anything behind the cursor: one look at an index, and no lock. */
export async function feedHasNews(deps: EngineDeps, name: string): Promise<boolean> {
  const { news } = await queryable(deps.pool).one<{ news: boolean }>(
    `SELECT EXISTS (
       SELECT 1 FROM event_cursors c CROSS JOIN LATERAL (
         SELECT 1 FROM run_events e
         WHERE (e.xid, e.id) > (c.xid, c.id) AND e.xid < log_xmin()
         ORDER BY e.xid, e.id LIMIT 1) next
       WHERE c.name = $1) AS news`,
    [name],
  );
  return news;
}

/**
 * Takes the next events and moves the cursor behind them, in the caller's transaction: what the caller writes there is
 * written exactly once for each event, whoever is killed when.
 *
 * @returns null while somebody else takes theirs
 */
export async function takeEvents(tx: Queryable, name: string): Promise<readonly FedEvent[] | null> {
  const cursor = await tx.maybe<{ xid: string; id: string }>(
    `SELECT xid::text AS xid, id FROM event_cursors WHERE name = $1 FOR UPDATE SKIP LOCKED`,
    [name],
  );
  if (!cursor) return null;
  const events = await tx.many<FedEvent & { xid: string }>(
    `SELECT id, xid::text AS xid, pipeline_run_id AS "runId", type, at, actor_name AS "actorName", data FROM run_events
     WHERE (xid, id) > ($1::text::xid8, $2::bigint) AND xid < log_xmin()
     ORDER BY run_events.xid, run_events.id LIMIT ${PAGE}`,
    [cursor.xid, cursor.id],
  );
  const last = events.at(-1);
  if (last) {
    await tx.query(`UPDATE event_cursors SET xid = $2::text::xid8, id = $3 WHERE name = $1`, [name, last.xid, last.id]);
  }
  return events;
}

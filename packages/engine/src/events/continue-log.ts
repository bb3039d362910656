import { type Queryable, queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";

/**
 * Lets the log of a restored database go on behind what it has. Its places are the cluster's transaction ids plus an
 * offset; restored into a cluster that has counted less, they lie in the future: new events would come before old ones, and
 * everybody who follows would miss them. The offset is then raised, so that what is kept, and every place that a client
 * holds, means what it meant.
 *
 * To be called before anything is written to the log, at each start: one look at an index where there is nothing to do.
 *
 * @returns whether the log was restored
 */
export async function continueLog(deps: EngineDeps): Promise<boolean> {
  if (!(await isAhead(queryable(deps.pool)))) return false;
  return await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    // Whoever starts beside this process finds it done, and nobody writes with the old offset when it is.
    await tx.query(`LOCK TABLE run_events, event_cursors, webhooks IN SHARE ROW EXCLUSIVE MODE`);
    if (!(await isAhead(tx))) return false;
    const { kept, counted } = await tx.one<{ kept: string; counted: string }>(
      // There is no max() of xid8 before PostgreSQL 16.
      `SELECT greatest(
         (SELECT xid FROM run_events ORDER BY xid DESC, id DESC LIMIT 1),
         (SELECT xid FROM event_cursors ORDER BY xid DESC LIMIT 1),
         (SELECT pg_snapshot_xmax(told_from) FROM webhooks ORDER BY 1 DESC LIMIT 1))::text AS kept,
         pg_snapshot_xmin(pg_current_snapshot())::text AS counted`,
    );
    const begin = [BigInt(kept) + 1n, beginningNow()].reduce((a, b) => (a > b ? a : b));
    // A constant within a function, which PostgreSQL inlines: a table would be read for each event that is written.
    await tx.query(
      `CREATE OR REPLACE FUNCTION log_offset() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
       RETURN ${begin - BigInt(counted)}::bigint`,
    );
    return true;
  });
}

/** Whether there is anything that this cluster cannot have written yet. */
async function isAhead(db: Queryable): Promise<boolean> {
  const { ahead } = await db.one<{ ahead: boolean }>(
    `SELECT coalesce((SELECT xid FROM run_events ORDER BY xid DESC, id DESC LIMIT 1) >= log_xmax(), false)
         OR EXISTS (SELECT 1 FROM event_cursors WHERE xid > log_xmax())
         OR EXISTS (SELECT 1 FROM webhooks WHERE pg_snapshot_xmax(told_from) > log_xmax()) AS ahead`,
  );
  return ahead;
}

/**
 * Hours since 1970, each with room for 2^40 transactions: behind all that any later state of the restored database, or
 * another one restored from it before, has given to its clients.
 */
function beginningNow(): bigint {
  return BigInt(Math.floor(Date.now() / 3_600_000)) << 40n;
}

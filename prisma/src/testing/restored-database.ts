import pg from "pg";

/** How far the counter of a cluster that was dumped is ahead of the tests' own, where nothing else is said. */
export const AHEAD = 1_000_000_000;

/**
 * Makes a database what it would be after `pg_restore` into this cluster from one that had counted so many more
 * transactions: everything that is kept of transactions lies in the future. Nothing may write to it meanwhile.
 */
export async function asIfRestored(url: string, ahead = AHEAD): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`
      BEGIN;
      UPDATE run_events SET xid = (xid::text::bigint + ${ahead})::text::xid8;
      UPDATE event_cursors SET xid = (xid::text::bigint + ${ahead})::text::xid8;
      UPDATE webhooks SET told_from = format('%s:%s:%s',
        pg_snapshot_xmin(told_from)::text::bigint + ${ahead}, pg_snapshot_xmax(told_from)::text::bigint + ${ahead},
        (SELECT string_agg((xid::text::bigint + ${ahead})::text, ',' ORDER BY xid)
         FROM pg_snapshot_xip(told_from) AS xid))::pg_snapshot;
      COMMIT`);
  } finally {
    await client.end();
  }
}

import pg from "pg";

/** Two servers that start together migrate once: this lock is held, in the migrator's session, from look to finish. */
const lockKey = 5_734_110_923n;

/**
 * Runs `work` with a pool of one connection that holds the migration lock, and hands what migrations RAISE (NOTICE and
 * above) to `log`. Waits as long as another migrator works: a migration of a large table may take its time.
 */
export async function withMigrationLock<T>(
  deps: { url: string; log: (line: string) => void },
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  const pool = new pg.Pool({ connectionString: deps.url, max: 1, idleTimeoutMillis: 0 });
  let failed: Error | undefined;
  pool.on("error", (error) => (failed = error));
  pool.on("connect", (client) => {
    client.on("notice", ({ message, code }) => {
      // 42P07 and 42P06 are PostgreSQL's own "already exists, skipping".
      if (message && code !== "42P07" && code !== "42P06") deps.log(message);
    });
  });
  try {
    const { rows } = await pool.query<{ got: boolean }>("SELECT pg_try_advisory_lock($1) AS got", [lockKey]);
    if (!rows[0]?.got) {
      deps.log("Another process is migrating this database; waiting for it.");
      await pool.query("SELECT pg_advisory_lock($1)", [lockKey]);
    }
    return await work(pool);
  } catch (error) {
    throw failed ?? error;
  } finally {
    // Ending the session releases the lock.
    await pool.end();
  }
}

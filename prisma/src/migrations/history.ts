import type pg from "pg";

type Row = { migration_name: string; finished_at: Date | null };

async function history(pool: pg.Pool): Promise<Row[]> {
  const { rows } = await pool.query<{ there: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there",
  );
  if (!rows[0]?.there) return [];
  const all = await pool.query<Row>(
    `SELECT migration_name, finished_at FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  return all.rows;
}

/** Names of the migrations that are in force in this database, oldest first. */
export async function appliedMigrations(pool: pg.Pool): Promise<string[]> {
  return (await history(pool)).filter((row) => row.finished_at).map((row) => row.migration_name);
}

/**
 * Begun and never finished: a statement failed, or the process or the machine died. Either way PostgreSQL has rolled
 * the script's transaction back, so it may simply be tried again.
 */
export async function unfinishedMigrations(pool: pg.Pool): Promise<string[]> {
  return (await history(pool)).filter((row) => !row.finished_at).map((row) => row.migration_name);
}

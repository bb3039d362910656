import { runMigrations } from "graphile-worker";
import type pg from "pg";

/** Creates or updates graphile-worker's own tables (schema `graphile_worker`), which jobs are queued in. */
export async function migrateQueue(pool: pg.Pool): Promise<void> {
  await runMigrations({ pgPool: pool });
}

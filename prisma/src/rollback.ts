import { appliedMigrations } from "./migrations/history.ts";
import { migrationsFolder, readMigrations } from "./migrations/migration-files.ts";
import { withMigrationLock } from "./migrations/migrator-pool.ts";
import { SetupError } from "./setup-error.ts";

/**
 * Takes back the newest applied migration by its `down.sql`, in one transaction with its record, so that the version
 * of Sluice before it can start again. Servers and workers are to be stopped first.
 * @returns the name of the migration that was taken back
 * @throws SetupError when the newest one has no way back, or its way back fails (nothing is changed then)
 */
export function rollback(deps: {
  url: string;
  log: (line: string) => void;
  folder?: string;
}): Promise<{ rolledBack: string }> {
  const migrations = readMigrations(deps.folder ?? migrationsFolder);
  return withMigrationLock(deps, async (pool) => {
    const name = (await appliedMigrations(pool)).at(-1);
    if (name === undefined) throw new SetupError("There is nothing to roll back: no migration has been applied.");
    const down = migrations.find((migration) => migration.name === name)?.down;
    if (down === undefined) {
      throw new SetupError(
        `Migration ${name} is the newest and has no way back (no down.sql). Restore a backup from before it instead.`,
      );
    }
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      await client.query(down);
      await client.query("DELETE FROM _prisma_migrations WHERE migration_name = $1", [name]);
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK");
      throw new SetupError(
        `Migration ${name} could not be taken back, and nothing was changed. PostgreSQL said: ${(error as Error).message}`,
        { cause: error },
      );
    } finally {
      client.release();
    }
    return { rolledBack: name };
  });
}

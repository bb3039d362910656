import { appliedMigrations, unfinishedMigrations } from "./migrations/history.ts";
import { type MigrationFile, migrationList, migrationsFolder, readMigrations } from "./migrations/migration-files.ts";
import { withMigrationLock } from "./migrations/migrator-pool.ts";
import { openSchemaEngine } from "./migrations/schema-engine.ts";
import { SetupError } from "./setup-error.ts";

/**
 * Brings the database at `url` up to the migrations of this code, each in a transaction of its own, recorded in
 * `_prisma_migrations` as `prisma migrate deploy` would. What migrations RAISE goes to `log`.
 * @returns the names that were applied now, in order
 * @throws SetupError when a migration fails (nothing of it remains, so the next start tries again) or when the database
 * is newer than this code
 */
export function migrate(deps: {
  url: string;
  log: (line: string) => void;
  folder?: string;
}): Promise<{ applied: string[] }> {
  const folder = deps.folder ?? migrationsFolder;
  const migrations = readMigrations(folder);
  return withMigrationLock(deps, async (pool) => {
    const inDatabase = await appliedMigrations(pool);
    refuseNewerDatabase(inDatabase, migrations);
    // Loading the engine takes longer than all the rest of an ordinary start's migration.
    if (migrations.every(({ name }) => inDatabase.includes(name))) return { applied: [] };

    using open = await openSchemaEngine(pool);
    const { engine } = open;
    for (const migrationName of await unfinishedMigrations(pool))
      await engine.markMigrationRolledBack({ migrationName });
    try {
      const filters = { externalTables: [], externalEnums: [] };
      const done = await engine.applyMigrations({ migrationsList: migrationList(folder, migrations), filters });
      return { applied: done.appliedMigrationNames };
    } catch (error) {
      const [migrationName] = await unfinishedMigrations(pool);
      if (migrationName === undefined) throw error;
      await engine.markMigrationRolledBack({ migrationName });
      throw migrationFailed(migrationName, open.scriptError() ?? error);
    }
  });
}

function refuseNewerDatabase(inDatabase: string[], migrations: MigrationFile[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = inDatabase.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new SetupError(
    `The database is newer than this Sluice: it has ${unknown.join(", ")}, which this version does not know. ` +
      "Start the version that made it, restore a backup from before the update, or use another database.",
  );
}

function migrationFailed(name: string, cause: unknown): SetupError {
  const { message, detail, hint, where } = cause as Partial<Record<"message" | "detail" | "hint" | "where", string>>;
  const said = [message, detail, hint && `Hint: ${hint}`, where].filter(Boolean).join("\n");
  return new SetupError(
    `Migration ${name} failed and was rolled back; the database is as it was before it. PostgreSQL said: ${said}`,
    { cause },
  );
}

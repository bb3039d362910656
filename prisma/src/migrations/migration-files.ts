import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MigrationList } from "@prisma/schema-engine-wasm/schema_engine_bg";

/** Where the product's migrations are: one folder each, named so that they sort in the order they apply. */
export const migrationsFolder: string = fileURLToPath(new URL("../../migrations", import.meta.url));

export type MigrationFile = { name: string; up: string; down: string | undefined };

/** All migrations of a folder in order, with the way back of those that have a `down.sql`. */
export function readMigrations(folder: string): MigrationFile[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const down = join(folder, name, "down.sql");
      return {
        name,
        up: readFileSync(join(folder, name, "migration.sql"), "utf8"),
        down: existsSync(down) ? readFileSync(down, "utf8") : undefined,
      };
    });
}

/** The shape in which Prisma's engine wants them. */
export function migrationList(folder: string, migrations: MigrationFile[]): MigrationList {
  return {
    baseDir: folder,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: migrations.map(({ name, up }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok", value: up } },
    })),
  };
}

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "../migrate.ts";
import { migrationsFolder, readMigrations } from "../migrations/migration-files.ts";
import { createEmptyDatabase, type TestDatabase } from "./test-database.ts";

export const gatesMigration = "20261115000000_approval_gates";

/** A folder with the product's migrations before gates, and with the one that adds them where `gates` says so. */
export function migrationsUntilGates(options: { gates: boolean }): Disposable & { folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "sluice-migrations-"));
  for (const { name } of readMigrations(migrationsFolder)) {
    if (name > gatesMigration || (name === gatesMigration && !options.gates)) break;
    cpSync(join(migrationsFolder, name), join(folder, name), { recursive: true });
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** An empty database with the tables as they were before gates. */
export async function createPreGatesDatabase(): Promise<TestDatabase> {
  const database = await createEmptyDatabase();
  using before = migrationsUntilGates({ gates: false });
  await migrate({ url: database.url, log: () => {}, folder: before.folder });
  return database;
}

/** Brings a test's database up to the newest migration. */
export async function migrateDatabase(url: string): Promise<void> {
  await migrate({ url, log: () => {} });
}

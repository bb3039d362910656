import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { migrate } from "./migrate.ts";
import { migrationsFolder } from "./migrations/migration-files.ts";
import { rollback } from "./rollback.ts";
import { schemaDrift } from "./schema-drift.ts";
import { createEmptyDatabase } from "./testing/index.ts";

function folderWith(migrations: Record<string, { up: string; down?: string }>): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, { up, down }] of Object.entries(migrations)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "migration.sql"), up);
    if (down !== undefined) writeFileSync(join(folder, name, "down.sql"), down);
  }
  return folder;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const silent = () => {};
const a = { up: "CREATE TABLE a (id int);", down: "DROP TABLE a;" };

describe("migrate", () => {
  it("applies what is missing, in order, and nothing the second time", async () => {
    await using database = await createEmptyDatabase();
    const folder = folderWith({ "1_a": a, "2_b": { up: "ALTER TABLE a ADD COLUMN b int;" } });
    expect(await migrate({ url: database.url, log: silent, folder })).toEqual({ applied: ["1_a", "2_b"] });
    expect(await migrate({ url: database.url, log: silent, folder })).toEqual({ applied: [] });
    cpSync(folderWith({ "3_c": { up: "CREATE TABLE c (id int);" } }), folder, { recursive: true });
    expect(await migrate({ url: database.url, log: silent, folder })).toEqual({ applied: ["3_c"] });
  });

  it("runs functions and blocks with semicolons in them, and logs what they raise", async () => {
    await using database = await createEmptyDatabase();
    const up = "DO $$ BEGIN PERFORM 1; RAISE NOTICE 'Auto-approved % steps; for % runs', 3, 2; END $$; SELECT ';';";
    const said: string[] = [];
    await migrate({ url: database.url, log: (line) => said.push(line), folder: folderWith({ "1_block": { up } }) });
    expect(said).toEqual(["Auto-approved 3 steps; for 2 runs"]);
  });

  it("applies each migration once when several start together", async () => {
    await using database = await createEmptyDatabase();
    const folder = folderWith({ "1_a": a, "2_b": { up: "INSERT INTO a SELECT 1 FROM pg_sleep(0.2);" } });
    const all = await Promise.all([1, 2, 3].map(() => migrate({ url: database.url, log: silent, folder })));
    expect(all.flatMap(({ applied }) => applied).sort()).toEqual(["1_a", "2_b"]);
    expect(await query(database.url, "SELECT * FROM a")).toEqual([{ id: 1 }]);
  });

  it("leaves nothing of a failed migration, says what failed, and tries again", async () => {
    await using database = await createEmptyDatabase();
    const folder = folderWith({ "1_a": a, "2_bad": { up: "CREATE TABLE b (id int); INSERT INTO a VALUES ('x');" } });
    const attempt = () => migrate({ url: database.url, log: silent, folder });
    await expect(attempt()).rejects.toThrow(
      /^Migration 2_bad failed and was rolled back; .+ invalid input syntax for type integer: "x"/,
    );
    await expect(attempt()).rejects.toThrow("Migration 2_bad failed");
    expect(await query(database.url, "SELECT to_regclass('b') AS b")).toEqual([{ b: null }]);
    writeFileSync(join(folder, "2_bad/migration.sql"), "CREATE TABLE b (id int);");
    expect(await attempt()).toEqual({ applied: ["2_bad"] });
  });

  it("goes on after a process that died in the middle of a migration", async () => {
    await using database = await createEmptyDatabase();
    const folder = folderWith({ "1_a": a });
    await migrate({ url: database.url, log: silent, folder });
    await query(
      database.url,
      "DROP TABLE a; UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0",
    );
    expect(await migrate({ url: database.url, log: silent, folder })).toEqual({ applied: ["1_a"] });
  });

  it("refuses a database that is newer than the code", async () => {
    await using database = await createEmptyDatabase();
    await migrate({ url: database.url, log: silent, folder: folderWith({ "1_a": a, "2_later": { up: "SELECT 1;" } }) });
    await expect(migrate({ url: database.url, log: silent, folder: folderWith({ "1_a": a }) })).rejects.toThrow(
      "The database is newer than this Sluice: it has 2_later",
    );
  });
});

describe("rollback", () => {
  it("takes back the newest migration, and only that", async () => {
    await using database = await createEmptyDatabase();
    const b = { up: "CREATE TABLE b (id int);", down: "DROP TABLE b;" };
    const deps = { url: database.url, log: silent, folder: folderWith({ "1_a": a, "2_b": b }) };
    await migrate(deps);
    expect(await rollback(deps)).toEqual({ rolledBack: "2_b" });
    expect(await query(database.url, "SELECT to_regclass('a') AS a, to_regclass('b') AS b")).toEqual([
      { a: "a", b: null },
    ]);
    expect(await migrate(deps)).toEqual({ applied: ["2_b"] });
  });

  it("refuses when the newest has no way back, or there is nothing", async () => {
    await using database = await createEmptyDatabase();
    const deps = { url: database.url, log: silent, folder: folderWith({ "1_a": a, "2_b": { up: "SELECT 1;" } }) };
    await expect(rollback(deps)).rejects.toThrow("There is nothing to roll back");
    await migrate(deps);
    await expect(rollback(deps)).rejects.toThrow("Migration 2_b is the newest and has no way back");
  });

  it("changes nothing when the way back fails", async () => {
    await using database = await createEmptyDatabase();
    const down = "DROP TABLE a; DROP TABLE missing;";
    const deps = { url: database.url, log: silent, folder: folderWith({ "1_a": { up: a.up, down } }) };
    await migrate(deps);
    await expect(rollback(deps)).rejects.toThrow(/nothing was changed.+"missing" does not exist/);
    expect(await query(database.url, "SELECT to_regclass('a') AS a")).toEqual([{ a: "a" }]);
    expect(await migrate(deps)).toEqual({ applied: [] });
  });
});

it("G15: the product's newest migration comes with a way back, and can be applied again", async () => {
  await using database = await createEmptyDatabase();
  const deps = { url: database.url, log: silent };
  const { applied } = await migrate(deps);
  expect(await rollback(deps)).toEqual({ rolledBack: applied.at(-1) });
  expect(await migrate({ ...deps, folder: migrationsFolder })).toEqual({ applied: applied.slice(-1) });
  expect(await schemaDrift(database.url)).toEqual([]);
});

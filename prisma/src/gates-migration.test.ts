import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { rollback } from "./rollback.ts";
import { dumpStructure, dumpTables } from "./testing/database-dump.ts";
import { createPreGatesDatabase, gatesMigration, migrationsUntilGates } from "./testing/pre-gates-database.ts";
import { fillPreGatesDatabase, type PreGatesRuns } from "./testing/pre-gates-runs.ts";

interface MigratedStep {
  position: number;
  status: string;
  expected: number;
  /** Of its own, which step 1 has, and of the parents whose children it makes. */
  openSlots: number;
  nextOrdinal: number;
}

async function query<T extends object>(url: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as T[];
  } finally {
    await client.end();
  }
}

async function migrateGates(url: string): Promise<string[]> {
  using migrations = migrationsUntilGates({ gates: true });
  const said: string[] = [];
  await migrate({ url, log: (line) => said.push(line), folder: migrations.folder });
  return said;
}

async function rollbackGates(url: string): Promise<string> {
  using migrations = migrationsUntilGates({ gates: true });
  return (await rollback({ url, log: () => {}, folder: migrations.folder })).rolledBack;
}

describe("Requirement: Migration for Existing Runs", () => {
  let url: string;
  let runs: PreGatesRuns;
  let said: string[];
  beforeAll(async () => {
    const database = await createPreGatesDatabase();
    url = database.url;
    runs = await fillPreGatesDatabase(url);
    said = await migrateGates(url);
    return () => database[Symbol.asyncDispose]();
  });

  const stepsOf = (runId: number) =>
    query<MigratedStep>(
      url,
      `SELECT rs.position, rs.status, rs.expected_candidates AS expected, rs.next_ordinal AS "nextOrdinal",
         rs.open_slots + coalesce((
           SELECT sum(c.open_slots) FROM candidates c JOIN pipeline_run_steps own ON own.id = c.pipeline_run_step_id
             JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
           WHERE own.pipeline_run_id = rs.pipeline_run_id AND s.kind <> 'APPROVAL'
             AND own.position = (SELECT max(b.position) FROM pipeline_run_steps b JOIN pipeline_steps bs ON bs.id = b.pipeline_step_id
               WHERE b.pipeline_run_id = rs.pipeline_run_id AND b.position < rs.position AND bs.kind <> 'APPROVAL')
         ), 0)::int AS "openSlots"
       FROM pipeline_run_steps rs WHERE rs.pipeline_run_id = $1 ORDER BY rs.position`,
      [runId],
    );
  const slotsOf = (runId: number, position: number) =>
    query<{ openSlots: number; nextOrdinal: number }>(
      url,
      `SELECT c.open_slots AS "openSlots", c.next_ordinal AS "nextOrdinal"
       FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id
       WHERE c.pipeline_run_id = $1 AND rs.position = $2 ORDER BY c.id`,
      [runId, position],
    );

  it("Scenario: Backfill existing runs", async () => {
    const rows = await query(
      url,
      `SELECT r.id AS run, s.position, rs.approved, rs.approved_at IS NOT NULL AS dated, rs.gate, rs.top_k_count AS k
       FROM pipeline_runs r JOIN pipeline_steps s ON s.pipeline_id = r.pipeline_id
       LEFT JOIN pipeline_run_steps rs ON rs.pipeline_run_id = r.id AND rs.pipeline_step_id = s.id`,
    );
    // Ten active runs and three finished ones, three steps each; N of all of them is 2.
    expect(rows).toHaveLength(39);
    for (const row of rows) expect(row).toMatchObject({ approved: true, dated: true, gate: "OPEN", k: 2 });
    expect(await query(url, "SELECT count(*)::int AS rows FROM pipeline_run_steps")).toEqual([{ rows: 39 }]);
  });

  it('G15, 15.4: logs "Auto-approved X steps for Y runs"', () => {
    expect(said).toEqual(["Auto-approved 39 steps for 13 runs"]);
  });

  it("G15: nothing is filtered: every active candidate may be a parent", async () => {
    expect(await query(url, "SELECT DISTINCT status, advancement FROM candidates ORDER BY 1")).toEqual([
      { status: "ACTIVE", advancement: "ADVANCING" },
      { status: "REJECTED", advancement: "NOT_ADVANCING" },
    ]);
  });

  it("G15: what is left to make is known for each run, wherever it was", async () => {
    const step = (position: number, expected: number, openSlots: number) => ({ position, expected, openSlots });
    const wanted: [keyof PreGatesRuns, object[]][] = [
      ["untouched", [step(1, 2, 2), step(2, 0, 0), step(3, 0, 0)]],
      ["queued", [step(1, 2, 0), step(2, 0, 0), step(3, 0, 0)]],
      ["underWay", [step(1, 2, 0), step(2, 2, 2), step(3, 0, 0)]],
      ["firstStepDone", [step(1, 2, 0), step(2, 4, 4), step(3, 0, 0)]],
      ["branching", [step(1, 2, 0), step(2, 4, 1), step(3, 4, 3)]],
      ["replaced", [step(1, 2, 0), step(2, 4, 4), step(3, 0, 0)]],
      ["givenUp", [step(1, 2, 0), step(2, 2, 2), step(3, 0, 0)]],
      ["orphaned", [step(1, 2, 0), step(2, 4, 3), step(3, 0, 0)]],
      ["allMade", [step(1, 2, 0), step(2, 4, 0), step(3, 8, 0)]],
      ["withApprovalStep", [step(1, 2, 0), step(2, 0, 0), step(3, 2, 1)]],
    ];
    for (const [name, steps] of wanted) {
      expect(await stepsOf(runs[name] as number), name).toMatchObject(steps);
    }
    for (const runId of runs.finished) {
      for (const { openSlots, status } of await stepsOf(runId)) {
        expect({ openSlots, status }).toEqual({ openSlots: 0, status: "APPROVED" });
      }
    }
  });

  it("S4: new slots have ordinals that were never used", async () => {
    expect((await stepsOf(runs.replaced))[0]).toMatchObject({ nextOrdinal: 4 });
    expect(await slotsOf(runs.branching, 1)).toEqual([
      { openSlots: 0, nextOrdinal: 3 },
      { openSlots: 1, nextOrdinal: 2 },
    ]);
    expect(await slotsOf(runs.branching, 2)).toEqual([
      { openSlots: 1, nextOrdinal: 2 },
      { openSlots: 2, nextOrdinal: 1 },
    ]);
    expect(await slotsOf(runs.replaced, 1)).toEqual([
      { openSlots: 0, nextOrdinal: 1 },
      { openSlots: 2, nextOrdinal: 1 },
      { openSlots: 2, nextOrdinal: 1 },
    ]);
  });

  it("votes belong to the step of their candidates", async () => {
    const votes = await query(
      url,
      `SELECT rs.pipeline_run_id AS run, rs.position FROM votes v JOIN pipeline_run_steps rs ON rs.id = v.pipeline_run_step_id`,
    );
    expect(votes).toEqual([{ run: runs.firstStepDone, position: 1 }]);
  });
});

describe("15.5: the way back", () => {
  it("G15: gives every table of before gates its former content and structure, and forward again works", async () => {
    await using database = await createPreGatesDatabase();
    await fillPreGatesDatabase(database.url);
    const content = await dumpTables(database.url);
    const structure = await dumpStructure(database.url);
    expect(content.candidates?.length).toBeGreaterThan(30);

    await migrateGates(database.url);
    const migrated = await dumpTables(database.url);
    expect(await rollbackGates(database.url)).toBe(gatesMigration);
    expect(await dumpTables(database.url)).toEqual(content);
    expect(await dumpStructure(database.url)).toEqual(structure);

    expect(await migrateGates(database.url)).toEqual(["Auto-approved 39 steps for 13 runs"]);
    const again = await dumpTables(database.url);
    expect(Object.keys(again)).toEqual(Object.keys(migrated));
    for (const table of ["actors", "pipelines", "pipeline_steps", "pipeline_runs", "workers"]) {
      expect(again[table]).toEqual(migrated[table]);
    }
  });

  it("runs that only gates know waiting or rejected go back to words that the old version knows", async () => {
    await using database = await createPreGatesDatabase();
    const runs = await fillPreGatesDatabase(database.url);
    await migrateGates(database.url);
    const set = "UPDATE pipeline_runs SET status = $2 WHERE id = $1";
    await query(database.url, set, [runs.queued, "WAITING_FOR_APPROVAL"]);
    await query(database.url, set, [runs.untouched, "REJECTED"]);
    await rollbackGates(database.url);
    expect(
      await query(database.url, "SELECT status FROM pipeline_runs WHERE id IN ($1, $2) ORDER BY id", [
        runs.untouched,
        runs.queued,
      ]),
    ).toEqual([{ status: "ABORTED" }, { status: "RUNNING" }]);
  });
});

it("a new installation's migration has no runs to tell of", async () => {
  await using database = await createPreGatesDatabase();
  expect(await migrateGates(database.url)).toEqual([]);
});

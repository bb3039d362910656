import { createEngine, createRun, resumeRuns } from "@sluice/engine";
import { brokenRunRules } from "@sluice/engine/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ProcessKit, processKit } from "../kit/server-process.ts";

let kit: ProcessKit;
beforeAll(async () => {
  kit = await processKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

it("S3, G11: planners with connections of their own fill each open slot once", async () => {
  await kit.db.query(`INSERT INTO pipelines (name) VALUES ('Plan')`);
  await kit.db.query(
    `INSERT INTO pipeline_steps (pipeline_id, position, name, kind, generator) SELECT id, 1, 'One', 'GENERATE', 'grammar' FROM pipelines`,
  );
  const { id } = await kit.db.one<{ id: number }>(`INSERT INTO actors (name) VALUES ('ada') RETURNING id`);
  const actor = { id, name: "ada", role: "OWNER", scopes: null, channel: "API" } as const;
  const { runId } = await createRun(kit.engine, actor, { pipeline: "Plan", maxChildrenPerNode: 20 });
  const pools = Array.from({ length: 4 }, () => new pg.Pool({ connectionString: kit.databaseUrl, max: 2 }));
  const planners = pools.map((pool) => createEngine({ pool, gates: "on", onError: () => {} }));
  for (let round = 0; round < 5; round++) {
    // As a restored backup may leave it: slots are open, and nobody has planned them.
    await kit.db.query(`DELETE FROM jobs WHERE pipeline_run_id = $1`, [runId]);
    await kit.db.query(`DELETE FROM graphile_worker._private_jobs`);
    await kit.db.query(`UPDATE pipeline_run_steps SET open_slots = 20, next_ordinal = 1 WHERE pipeline_run_id = $1`, [
      runId,
    ]);
    await Promise.all([...planners, ...planners].map((planner) => resumeRuns(planner)));
    const made = await kit.db.one(
      `SELECT count(*)::int AS jobs, count(DISTINCT ordinal)::int AS slots,
              (SELECT count(DISTINCT key)::int FROM graphile_worker.jobs) AS entries FROM jobs WHERE pipeline_run_id = $1`,
      [runId],
    );
    expect(made).toEqual({ jobs: 20, slots: 20, entries: 20 });
    expect(await brokenRunRules(kit.db)).toEqual([]);
  }
  for (const planner of planners) await planner[Symbol.asyncDispose]();
  for (const pool of pools) await pool.end();
});

import { rollback } from "@sluice/db";
import { createTestDatabase, migrateDatabase } from "@sluice/db/testing";
import { expect, it } from "vitest";
import { importCandidates } from "../src/commands/import-candidates.ts";
import { engineKit } from "../src/testing/engine-kit.ts";
import { heldGenerator } from "./generators.ts";

it("the way back from generators: runs go on, and forward again each job and candidate has its step's generator", async () => {
  const database = await createTestDatabase();
  await using kit = await engineKit({ database });
  const held = heldGenerator();
  const worker = await kit.worker([held], { concurrency: 1 });
  const runId = await kit.newRun([{ generator: held.name, maxChildren: 2 }, {}], { reviewFirstStep: true, maxJobs: 9 });
  const { id: runStepId } = await kit.step(runId, 1);
  await importCandidates(kit.engine, kit.actor, { runStepId, candidates: [{ text: "by hand", source: "a notebook" }] });
  await worker[Symbol.asyncDispose]();

  const deps = { url: database.url, log: () => undefined };
  const taken: string[] = [];
  while (!taken.at(-1)?.endsWith("_generators")) taken.push((await rollback(deps)).rolledBack);
  expect(await kit.db.many(`SELECT status FROM jobs WHERE pipeline_run_id = $1`, [runId])).toEqual([
    { status: "QUEUED" },
    { status: "QUEUED" },
  ]);
  expect(await kit.db.many(`SELECT text FROM candidates WHERE pipeline_run_id = $1`, [runId])).toEqual([
    { text: "by hand" },
  ]);

  await migrateDatabase(database.url);
  expect(await kit.db.many(`SELECT generator FROM jobs WHERE pipeline_run_id = $1`, [runId])).toEqual([
    { generator: "held" },
    { generator: "held" },
  ]);
  expect(await kit.db.one(`SELECT max_jobs AS "maxJobs", attempts_started AS started FROM pipeline_runs`)).toEqual({
    maxJobs: null,
    started: 0,
  });
  held.release();
  await kit.worker([held]);
  await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  expect(await kit.candidates(runId, 1)).toHaveLength(3);
});

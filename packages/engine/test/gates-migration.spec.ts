import { createPreGatesDatabase, fillPreGatesDatabase, migrateDatabase, type PreGatesRuns } from "@sluice/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { eventsOf } from "./scenes.ts";

let kit: EngineKit;
let runs: PreGatesRuns;
beforeAll(async () => {
  const database = await createPreGatesDatabase();
  runs = await fillPreGatesDatabase(database.url);
  await migrateDatabase(database.url);
  kit = await engineKit({ database });
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Active candidates that a run ends with, by step. */
async function madeOf(runId: number): Promise<number[]> {
  const steps = await kit.steps(runId);
  const counts = steps.map(() => 0);
  for (const { position, status } of await kit.candidates(runId)) {
    if (status === "ACTIVE") counts[position - 1] = (counts[position - 1] ?? 0) + 1;
  }
  return counts;
}

describe("Requirement: Migration for Existing Runs", () => {
  it("17.3 existing runs continue normally: each makes what is left, unfiltered, and completes without a person", async () => {
    const { finished, ...active } = runs;
    const wanted: Record<keyof typeof active, number[]> = {
      untouched: [2, 4, 8],
      queued: [2, 4, 8],
      underWay: [2, 4, 8],
      firstStepDone: [2, 4, 8],
      branching: [2, 4, 8],
      replaced: [2, 4, 8],
      givenUp: [1, 2, 4],
      orphaned: [2, 4, 8],
      allMade: [2, 4, 8],
      withApprovalStep: [2, 0, 4],
    };
    for (const [name, counts] of Object.entries(wanted)) {
      const runId = active[name as keyof typeof active];
      await kit.untilRun(runId, "COMPLETED");
      expect(await madeOf(runId), name).toEqual(counts);
      expect(await eventsOf(kit, runId, "approval_requested"), name).toBe(0);
    }
    const lost = await kit.db.many(`SELECT id FROM jobs WHERE status IN ('QUEUED', 'RUNNING')`);
    expect(lost).toEqual([]);
    const statuses = await Promise.all(finished.map((runId) => kit.status(runId)));
    expect(statuses).toEqual(["COMPLETED", "FAILED", "ABORTED"]);
    expect(await madeOf(finished[2] as number)).toEqual([1, 0, 0]);
  });

  it("G15: a step's expected candidates are those it has in the end, and those that were given up", async () => {
    const rows = await kit.db.many<{ run: number; position: number; expected: number; taken: number }>(
      `SELECT rs.pipeline_run_id AS run, rs.position, rs.expected_candidates AS expected,
         (SELECT count(*)::int FROM candidates c WHERE c.pipeline_run_step_id = rs.id AND c.status = 'ACTIVE')
         + (SELECT count(*)::int FROM jobs j WHERE j.pipeline_run_step_id = rs.id AND j.status = 'FAILED') AS taken
       FROM pipeline_run_steps rs ORDER BY 1, 2`,
    );
    for (const { run, position, expected, taken } of rows) {
      expect({ run, position, expected }).toEqual({ run, position, expected: taken });
    }
  });

  it("Scenario: New runs after migration", async () => {
    const runId = await kit.newRun([], { pipeline: "old" });
    expect((await kit.steps(runId)).map(({ approved }) => approved)).toEqual([true, false, false]);
    expect((await kit.steps(runId)).map(({ gate }) => gate)).toEqual(["AUTO", "MANUAL", "MANUAL"]);
    for (const position of [2, 3]) {
      await kit.untilStep(runId, position, "AWAITING_APPROVAL");
      await kit.approve(runId, position);
    }
    expect(await kit.status(runId)).toBe("COMPLETED");
  });
});

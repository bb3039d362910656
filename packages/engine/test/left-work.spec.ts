import { expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import type { Generator } from "../src/jobs/generator.ts";
import { saveExternalId } from "../src/jobs/held-job.ts";
import { startJob } from "../src/jobs/start-job.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { jobsOf } from "./scenes.ts";

/** A run that was aborted while a dead worker's job of it waited to be taken up again by its external id. */
async function abandoned(kit: EngineKit): Promise<number> {
  const runId = await kit.newRun([{ generator: "remote", maxChildren: 1 }]);
  const [job] = await jobsOf(kit, runId);
  // As kill -9 leaves it: a worker's row without its lock.
  const dead = await kit.db.one<{ id: number }>(`INSERT INTO workers (name) VALUES ('dead') RETURNING id`);
  const held = await startJob(kit.engine, job!.id, { workerId: dead.id, concurrencyOf: () => null });
  if (held === null || held === "busy") throw new Error("The job was to be had.");
  await saveExternalId(kit.engine, held, "remote-1");
  const lost = await kit.worker([echoGenerator()]);
  await expect.poll(async () => (await jobsOf(kit, runId))[0]?.status).toBe("QUEUED");
  await lost[Symbol.asyncDispose]();
  await abortRun(kit.engine, kit.actor, { runId });
  return runId;
}

const left = (kit: EngineKit, runId: number) =>
  kit.db.one<{ externalId: string | null; log: string; cost: number }>(
    `SELECT external_id AS "externalId", log, cost_usd AS cost FROM jobs WHERE pipeline_run_id = $1`,
    [runId],
  );

it("what goes on elsewhere for a job that nobody wants is cancelled, and what it has cost is counted", async () => {
  await using kit = await engineKit();
  const runId = await abandoned(kit);
  const discarded: string[] = [];
  const remote: Generator = {
    ...echoGenerator("remote"),
    async discard(externalId) {
      discarded.push(externalId);
      if (discarded.length === 1) throw new Error("It does not answer.");
      return { costUsd: 0.25 };
    },
  };
  await kit.worker([remote]);
  // The first time it cannot be reached.
  await expect
    .poll(() => left(kit, runId), { timeout: 20_000 })
    .toEqual({
      externalId: null,
      log: "What went on elsewhere as remote-1 was cancelled.\n",
      cost: 0.25,
    });
  expect(discarded).toEqual(["remote-1", "remote-1"]);
  expect(await kit.db.one(`SELECT cost_usd AS cost FROM pipeline_runs WHERE id = $1`, [runId])).toEqual({ cost: 0.25 });
}, 60_000);

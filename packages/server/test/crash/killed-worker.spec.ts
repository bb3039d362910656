import { watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import { applyPipeline, mutate, runOf, settled } from "../kit/waiting-gate.ts";

let kit: ProcessKit;
let server: ServerProcess;
beforeAll(async () => {
  kit = await processKit();
  server = await kit.server();
  const step = (name: string) => `{ name: ${name}, type: generate, generator: cppn, config: { size: 64 }, gate: auto }`;
  await applyPipeline(kit, server, "Pictures", [step("One"), step("Two"), step("Three")]);
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Resolves when the next file appears in the asset store: its bytes are kept, its candidate is not written yet. */
async function nextAsset(): Promise<void> {
  const folder = join(kit.dataDir, "assets");
  await mkdir(folder, { recursive: true });
  const watcher = watch(folder, { recursive: true });
  try {
    await new Promise<void>((resolve, reject) => {
      watcher.once("change", () => resolve());
      watcher.once("error", reject);
    });
  } finally {
    watcher.close();
  }
}

/** Moments at which a worker is killed. */
const moments: readonly (() => Promise<unknown>)[] = [
  () => kit.next("job_started"),
  nextAsset,
  () => kit.next("candidate_created"),
  // A dead worker's jobs are being taken over.
  () => kit.next("jobs_retried"),
  () => nextAsset().then(nextAsset),
  () => kit.next("candidate_created").then(() => kit.next("job_started")),
  () => kit.next("jobs_queued"),
];

it("A4: kill -9 of workers at any moment loses no candidate and makes none twice", { timeout: 180_000 }, async () => {
  const runs: number[] = [];
  for (const k of [2, 4]) {
    const input = { pipeline: "Pictures", prompt: "waves", maxChildrenPerNode: 4, defaultTopK: k };
    await mutate(kit, server, "createRun", input);
    runs.push((await kit.db.one<{ id: number }>(`SELECT max(id) AS id FROM pipeline_runs`)).id);
  }
  for (const comes of moments) {
    const moment = comes();
    const worker = await kit.worker();
    // Whether the moment came or everything is done: this worker ends here.
    await Promise.race([moment, Promise.all(runs.map((run) => settled(kit, run)))]);
    await worker.end("SIGKILL");
    expect(await brokenRunRules(kit.db)).toEqual([]);
  }
  const last = await kit.worker();
  for (const run of runs) expect(await settled(kit, run)).toBe("COMPLETED");
  expect(await last.end("SIGTERM")).toBe(0);

  expect(await brokenRunRules(kit.db)).toEqual([]);
  const made = await kit.db.many(
    `SELECT r.default_top_k AS k, count(*)::int AS jobs, count(*) FILTER (WHERE j.status = 'COMPLETED')::int AS completed,
            sum(j.attempts)::int AS failures, count(DISTINCT j.candidate_id)::int AS candidates
     FROM jobs j JOIN pipeline_runs r ON r.id = j.pipeline_run_id GROUP BY r.id ORDER BY r.id`,
  );
  expect(made).toEqual([
    { k: 2, jobs: 20, completed: 20, failures: 0, candidates: 20 },
    { k: 4, jobs: 36, completed: 36, failures: 0, candidates: 36 },
  ]);
  expect((await runOf(kit, runs[0]!)).events).toMatchObject({ gate_opened: 3, candidate_created: 20 });
  const { taken } = await kit.db.one<{ taken: number }>(
    `SELECT count(*)::int AS taken FROM run_events WHERE type = 'jobs_retried'`,
  );
  expect(taken, "kills left jobs that others had to take over").toBeGreaterThanOrEqual(3);
  const left = await kit.db.many(
    `SELECT key, locked_by FROM graphile_worker.jobs WHERE locked_at IS NOT NULL OR key IS NULL`,
  );
  expect(left).toEqual([]);
  expect(await kit.db.many(`SELECT id FROM workers WHERE stopped_at IS NULL`)).toEqual([]);
});

it("A4: SIGTERM gives unfinished jobs back without counting an attempt, and ends with 0", async () => {
  await applyPipeline(kit, server, "Large", [
    "{ name: One, type: generate, generator: cppn, config: { size: 512 }, gate: auto }",
  ]);
  const started = kit.next("job_started");
  await mutate(kit, server, "createRun", { pipeline: "Large", prompt: "hills", maxChildrenPerNode: 8 });
  const worker = await kit.worker();
  const { runId } = await started;
  expect(await worker.end("SIGTERM")).toBe(0);
  const jobs = await kit.db.many<{ status: string; attempts: number; entry: boolean }>(
    `SELECT j.status, j.attempts, EXISTS (
       SELECT 1 FROM graphile_worker.jobs q WHERE q.key = 'job:' || j.id AND q.locked_at IS NULL) AS entry
     FROM jobs j WHERE j.pipeline_run_id = $1`,
    [runId],
  );
  expect(jobs).toHaveLength(8);
  expect(jobs.filter(({ status }) => status === "QUEUED").length).toBeGreaterThan(0);
  for (const { status, attempts, entry } of jobs) {
    expect({ attempts, waits: entry }).toEqual({ attempts: 0, waits: status === "QUEUED" });
  }
  await kit.worker();
  expect(await settled(kit, runId)).toBe("COMPLETED");
  expect(await brokenRunRules(kit.db)).toEqual([]);
}, 180_000);

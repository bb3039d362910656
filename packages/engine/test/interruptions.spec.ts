import { rollback } from "@sluice/db";
import { createTestDatabase, migrateDatabase } from "@sluice/db/testing";
import { expect, it } from "vitest";
import { retryFailedJobs } from "../src/commands/retry-failed-jobs.ts";
import { failJob } from "../src/jobs/finish-job.ts";
import { saveExternalId } from "../src/jobs/held-job.ts";
import { recoverJobs } from "../src/jobs/recover-jobs.ts";
import { reportProgress } from "../src/jobs/report-progress.ts";
import { type HeldJob, startJob } from "../src/jobs/start-job.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { brokenRunRules } from "../src/testing/run-rules.ts";
import { jobsOf } from "./scenes.ts";

interface Facts {
  readonly status: string;
  readonly attempts: number;
  readonly started: number;
  readonly interruptions: number;
  readonly error: string | null;
}

const factsOf = (kit: EngineKit, jobId: number) =>
  kit.db.one<Facts>(
    `SELECT j.status, j.attempts, j.interruptions, j.error, r.attempts_started AS started
     FROM jobs j JOIN pipeline_runs r ON r.id = j.pipeline_run_id WHERE j.id = $1`,
    [jobId],
  );

/** A worker takes the job and dies: nobody holds its lock. */
async function dieWith(kit: EngineKit, jobId: number, begun?: (held: HeldJob) => Promise<void>): Promise<Facts> {
  const { id: workerId } = await kit.db.one<{ id: number }>(
    `INSERT INTO workers (name) VALUES ('doomed') RETURNING id`,
  );
  const held = await startJob(kit.engine, jobId, { workerId, concurrencyOf: () => null });
  if (held === null || held === "busy") throw new Error("The job was not given to the worker.");
  await begun?.(held);
  await recoverJobs(kit.engine);
  return await factsOf(kit, jobId);
}

async function newJob(kit: EngineKit, more: object = {}): Promise<{ runId: number; jobId: number }> {
  const runId = await kit.newRun([{ maxChildren: 1 }], more);
  const [job] = await jobsOf(kit, runId);
  return { runId, jobId: job!.id };
}

it("L1: an attempt that dies with its worker counts from the second time on, and its job is given up at the tenth", async () => {
  await using kit = await engineKit();
  const { runId, jobId } = await newJob(kit);
  for (let time = 1; time < 10; time += 1) {
    expect(await dieWith(kit, jobId)).toEqual({
      status: "QUEUED",
      attempts: 0,
      started: time - 1,
      interruptions: time,
      error: null,
    });
  }
  expect(await dieWith(kit, jobId)).toEqual({
    status: "FAILED",
    attempts: 1,
    started: 9,
    interruptions: 10,
    error: "The worker ended 10 times while it made this.",
  });
  expect(await brokenRunRules(kit.db)).toEqual([]);

  await retryFailedJobs(kit.engine, kit.actor, { runStepId: (await kit.step(runId, 1)).id });
  expect(await factsOf(kit, jobId)).toMatchObject({ status: "QUEUED", attempts: 0, interruptions: 0 });
});

/** What is to be seen of a job's unfinished candidate. */
const shownOf = (kit: EngineKit, jobId: number) =>
  kit.db.one<{ text: string | null; preview: Buffer | null }>(
    `SELECT text_so_far AS text, bytes AS preview FROM jobs LEFT JOIN job_previews ON job_id = id WHERE id = $1`,
    [jobId],
  );
const NOTHING = { text: null, preview: null };

it("A4: what was to be seen of an attempt that died with its worker is not taken for the next one's", async () => {
  await using kit = await engineKit();
  const { jobId } = await newJob(kit);
  const preview = { bytes: Buffer.from("half a picture"), mediaType: "image/png" };
  await dieWith(kit, jobId, async (held) => {
    expect(await reportProgress(kit.engine, held, { textSoFar: "Once", preview })).toBe("held");
    expect(await shownOf(kit, jobId)).toEqual({ text: "Once", preview: preview.bytes });
  });
  expect(await shownOf(kit, jobId)).toEqual(NOTHING);
});

it("drops what an earlier version has kept of unfinished candidates", async () => {
  const database = await createTestDatabase();
  await using kit = await engineKit({ database });
  const { jobId } = await newJob(kit);
  const deps = { url: database.url, log: () => undefined };
  const taken: string[] = [];
  while (!taken.at(-1)?.endsWith("_no_unfinished_work")) taken.push((await rollback(deps)).rolledBack);
  await kit.db.query(`UPDATE jobs SET status = 'CANCELLED', text_so_far = 'Once' WHERE id = $1`, [jobId]);
  await kit.db.query(`INSERT INTO job_previews (job_id, media_type, bytes) VALUES ($1, 'image/png', 'half')`, [jobId]);
  await migrateDatabase(database.url);
  expect(await shownOf(kit, jobId)).toEqual(NOTHING);
});

it("L1: an attempt that dies with its worker again and again ends at the run's budget", async () => {
  await using kit = await engineKit();
  const { jobId } = await newJob(kit, { maxJobs: 1 });
  await dieWith(kit, jobId);
  await dieWith(kit, jobId);
  await expect(dieWith(kit, jobId)).rejects.toThrow("not given");
  expect(await factsOf(kit, jobId)).toMatchObject({
    status: "FAILED",
    error: "Not tried: by then the run had started 1 attempt, and its budget was 1.",
  });
});

it("A4: work that goes on elsewhere is taken up as often as it takes", async () => {
  await using kit = await engineKit();
  const { jobId } = await newJob(kit, { maxJobs: 1 });
  for (let time = 1; time <= 12; time += 1) {
    const facts = await dieWith(kit, jobId, (held) => saveExternalId(kit.engine, held, "remote-1"));
    expect(facts).toMatchObject({ status: "QUEUED", started: 0, interruptions: 0 });
  }
});

it("A4: a step whose failure budget is spent gives up what waits, but not what goes on elsewhere", async () => {
  await using kit = await engineKit();
  const runId = await kit.newRun([{ maxChildren: 3, failureBudget: 0 }]);
  const [begun, failing] = await jobsOf(kit, runId);
  await dieWith(kit, begun!.id, (held) => saveExternalId(kit.engine, held, "remote-1"));
  const { id: workerId } = await kit.db.one<{ id: number }>(
    `INSERT INTO workers (name) VALUES ('failing') RETURNING id`,
  );
  const held = await startJob(kit.engine, failing!.id, { workerId, concurrencyOf: () => null });
  await failJob(kit.engine, held as HeldJob, { message: "Broken.", retryable: false });
  expect((await jobsOf(kit, runId)).map(({ status }) => status)).toEqual(["QUEUED", "FAILED", "FAILED"]);
  await kit.worker();
  await kit.untilRun(runId, "COMPLETED");
  expect((await jobsOf(kit, runId)).map(({ status }) => status)).toEqual(["COMPLETED", "FAILED", "FAILED"]);
});

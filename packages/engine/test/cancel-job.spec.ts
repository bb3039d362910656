import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { cancelJob } from "../src/commands/cancel-job.ts";
import { type ClaimedJob, claimJob } from "../src/commands/claim-job.ts";
import { completeLeasedJob } from "../src/commands/complete-leased-job.ts";
import { heartbeat } from "../src/commands/heartbeat.ts";
import { retryFailedJobs } from "../src/commands/retry-failed-jobs.ts";
import { ForbiddenError, JobEndedError, LeaseLostError, NotFoundError } from "../src/errors.ts";
import { type Generator, GeneratorError, JobStopped } from "../src/jobs/generator.ts";
import { fixedGenerators } from "../src/jobs/generator-source.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { jobsOf } from "./scenes.ts";

const far: Generator = { ...echoGenerator("far"), runs: "elsewhere" };

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

const cancel = (jobId: number) => cancelJob(kit.engine, kit.actor, { jobId });
const retry = async (runId: number) =>
  retryFailedJobs(kit.engine, kit.actor, { runStepId: (await kit.step(runId, 1)).id });
const runRow = (runId: number) =>
  kit.db.one<{ status: string; reason: string | null; cost: number }>(
    `SELECT status, status_reason AS reason, cost_usd AS cost FROM pipeline_runs WHERE id = $1`,
    [runId],
  );
const jobRow = (jobId: number) =>
  kit.db.one(
    `SELECT status, error, cancelled_by_id = $2 AS "byAda", finished_at IS NOT NULL AS ended FROM jobs WHERE id = $1`,
    [jobId, kit.actor.id],
  );
const CANCELLED = { status: "CANCELLED", byAda: true, ended: true };

/** Says when each attempt begins; the first of every job goes on until it is stopped, which costs half a dollar. */
function stoppable(name: string) {
  const begun = new Map<number, PromiseWithResolvers<void>>();
  const stopped: unknown[] = [];
  const beginning = (jobId: number): PromiseWithResolvers<void> => {
    const known = begun.get(jobId) ?? Promise.withResolvers<void>();
    begun.set(jobId, known);
    return known;
  };
  const tried = new Set<number>();
  const echo = echoGenerator(name);
  const generator: Generator = {
    ...echo,
    async generate(request, context) {
      if (request.ordinal > 1 || tried.has(request.jobId)) return await echo.generate(request, context);
      tried.add(request.jobId);
      const end = Promise.withResolvers<never>();
      context.signal.addEventListener("abort", () => {
        stopped.push(context.signal.reason);
        end.reject(new GeneratorError("Stopped.", { retryable: false, usage: { costUsd: 0.5 } }));
      });
      beginning(request.jobId).resolve();
      return await end.promise;
    },
  };
  return { generator, stopped, untilBegun: (jobId: number) => beginning(jobId).promise };
}

/** Once it is armed, the next statement on the pool that has this in it fails. */
function failsOnce(part: string) {
  const { pool } = kit.engine;
  const query = pool.query.bind(pool) as (...given: unknown[]) => unknown;
  let armed = false;
  const failing = (...given: unknown[]) => {
    if (!armed || !String(given[0]).includes(part)) return query(...given);
    armed = false;
    return Promise.reject(new Error("The connection was cut."));
  };
  const spy = vi.spyOn(pool, "query").mockImplementation(failing as never);
  onTestFinished(() => spy.mockRestore());
  return {
    arm() {
      armed = true;
    },
  };
}

describe("a job that a person cancels", () => {
  it("stops its generator, is paid for, leaves the step to the others, and is retried as a failed one is", async () => {
    const { generator, stopped, untilBegun } = stoppable("brush");
    await using _worker = await kit.worker([generator]);
    const runId = await kit.newRun([{ generator: "brush", maxChildren: 2 }], { reviewFirstStep: true });
    const [first] = await jobsOf(kit, runId, 1);
    await untilBegun(first!.id);
    expect(await cancel(first!.id)).toMatchObject({ runId, jobId: first!.id });
    expect(await jobRow(first!.id)).toMatchObject({ ...CANCELLED, error: `Cancelled by ${kit.actor.name}.` });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId, 1)).toHaveLength(1);
    await expect.poll(() => runRow(runId), { timeout: 30_000 }).toMatchObject({ cost: 0.5 });
    expect(stopped).toEqual([expect.any(JobStopped)]);
    expect(stopped[0]).toMatchObject({ why: "unwanted" });

    await retry(runId);
    await expect.poll(async () => (await kit.candidates(runId, 1)).length, { timeout: 30_000 }).toBe(2);
    const [again] = await jobsOf(kit, runId, 1);
    expect(again).toMatchObject({ id: first!.id, seed: first!.seed, ordinal: 1, status: "COMPLETED" });
    expect(await jobRow(first!.id)).toMatchObject({ byAda: null, error: null });
    expect(await runRow(runId)).toMatchObject({ cost: 0.5 });
  });

  it("stops also where the worker could not look when it was told", async () => {
    const { generator, stopped, untilBegun } = stoppable("deaf");
    const failed = failsOnce("status NOT IN ('QUEUED', 'RUNNING')");
    const errors: unknown[] = [];
    await using _worker = await kit.worker([generator], { onError: (error) => errors.push(error) });
    const runId = await kit.newRun([{ generator: "deaf", maxChildren: 1 }]);
    const [job] = await jobsOf(kit, runId, 1);
    await untilBegun(job!.id);
    failed.arm();
    await cancel(job!.id);
    await expect.poll(() => stopped, { timeout: 30_000 }).toEqual([expect.any(JobStopped)]);
    expect(errors).toEqual([new Error("The connection was cut.")]);
  });

  it("G16: fails the run where it was the last that could make anything, until it is retried", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 2 }]);
    for (const { id } of await jobsOf(kit, runId, 1)) await cancel(id);
    expect(await runRow(runId)).toMatchObject({
      status: "FAILED",
      reason: expect.stringContaining(`made no candidate. Cancelled by ${kit.actor.name}. (2 times)`),
    });
    await retry(runId);
    expect(await runRow(runId)).toMatchObject({ status: "RUNNING" });
    expect((await jobsOf(kit, runId, 1)).map(({ status }) => status)).toEqual(["QUEUED", "QUEUED"]);
    await abortRun(kit.engine, kit.actor, { runId });
  });

  it("is not begun any more where it waits", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 2 }]);
    const [first, second] = await jobsOf(kit, runId, 1);
    await cancel(first!.id);
    expect((await claim()).jobId).toBe(second!.id);
    await abortRun(kit.engine, kit.actor, { runId });
  });

  const deps = () => ({ ...kit.engine, generators: fixedGenerators([far])() });
  const claim = async (): Promise<ClaimedJob> => {
    const { job } = await claimJob(deps(), kit.actor, { generators: ["far"], leaseSeconds: 60 });
    if (!job) throw new Error("There was no job.");
    return job;
  };

  it("is given up by the program that has it on lease, with its next heartbeat; one that is retried is another's", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 1 }], { reviewFirstStep: true });
    const job = await claim();
    const leaseToken = job.lease.token;
    await cancel(job.jobId);
    expect(await heartbeat(kit.engine, kit.actor, { leaseToken, leaseSeconds: 60 })).toEqual({
      wanted: false,
      leaseExpiresAt: null,
    });
    const answer = { leaseToken, text: "late", usage: { costUsd: 0.25 } };
    await expect(completeLeasedJob(deps(), kit.actor, answer)).rejects.toThrow("Nobody wants");
    await retry(runId);
    const again = await claim();
    expect(again).toMatchObject({ jobId: job.jobId, seed: job.seed });
    await expect(completeLeasedJob(deps(), kit.actor, answer)).rejects.toBeInstanceOf(LeaseLostError);
    await completeLeasedJob(deps(), kit.actor, { leaseToken: again.lease.token, text: "in time" });
    expect(await kit.candidates(runId, 1)).toMatchObject([{ text: "in time" }]);
    expect(await runRow(runId)).toMatchObject({ cost: 0.25 });
  });

  it("is told apart from those that nobody wants: these are not retried", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 2 }]);
    const [first] = await jobsOf(kit, runId, 1);
    await cancel(first!.id);
    await abortRun(kit.engine, kit.actor, { runId });
    expect(
      await kit.db.many(`SELECT cancelled_by_id AS "by" FROM jobs WHERE pipeline_run_id = $1 ORDER BY id`, [runId]),
    ).toEqual([{ by: kit.actor.id }, { by: null }]);
    await expect(retry(runId)).rejects.toThrow("has ended");
  });

  it("is one that is queued or running, of somebody who may operate; of two who cancel it, one has", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 2 }]);
    const [first, second] = await jobsOf(kit, runId, 1);
    const approver = await kit.newActor("eve", "APPROVER");
    await expect(cancelJob(kit.engine, approver, { jobId: first!.id })).rejects.toBeInstanceOf(ForbiddenError);
    await expect(cancel(999_999_999)).rejects.toBeInstanceOf(NotFoundError);
    const both = await Promise.allSettled([cancel(first!.id), cancel(first!.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refusal = both.find((each) => each.status === "rejected")?.reason;
    expect(refusal).toBeInstanceOf(JobEndedError);
    expect(refusal.message).toBe(`Job ${first!.id} was cancelled already: there is nothing to cancel.`);
    const job = await claim();
    await completeLeasedJob(deps(), kit.actor, { leaseToken: job.lease.token, text: "made" });
    await expect(cancel(second!.id)).rejects.toThrow("is done: there is nothing to cancel.");
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { forkRun } from "../src/commands/fork-run.ts";
import { retryFailedJobs } from "../src/commands/retry-failed-jobs.ts";
import { setRunBudget } from "../src/commands/set-run-budget.ts";
import { ForbiddenError, InvalidInputError, NotFoundError, StepClosedError } from "../src/errors.ts";
import { type Generator, GeneratorError } from "../src/jobs/generator.ts";
import { saveExternalId } from "../src/jobs/held-job.ts";
import { resumeRuns } from "../src/jobs/recover-jobs.ts";
import { startJob } from "../src/jobs/start-job.ts";
import { diagnose } from "../src/queries/diagnose.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { brokenRunRules } from "../src/testing/run-rules.ts";
import { eventsOf, jobsOf } from "./scenes.ts";

const PRICE = 0.6;

const ranDry = new Set<number>();

/** Every attempt costs $0.60, and the first of each run's second child fails. */
const dear: Generator = {
  ...echoGenerator("dear"),
  async generate(request, context) {
    const usage = { costUsd: PRICE };
    if (request.ordinal === 2 && !ranDry.has(request.run.id)) {
      ranDry.add(request.run.id);
      throw new GeneratorError("The paint ran dry.", { retryable: false, usage });
    }
    const { assets, text, meta } = (await echoGenerator().generate(request, context)) as never;
    return { assets, text, meta, usage };
  },
};

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker([echoGenerator(), dear], { concurrency: 1 });
});
afterAll(() => kit[Symbol.asyncDispose]());

const budgetOf = (runId: number) =>
  kit.db.one<{ maxJobs: number | null; started: number; maxCost: number | null; cost: number }>(
    `SELECT max_jobs AS "maxJobs", attempts_started AS started, max_cost_usd AS "maxCost", cost_usd AS cost
     FROM pipeline_runs WHERE id = $1`,
    [runId],
  );
const openAlerts = (runId: number) =>
  kit.db.many<{ kind: string; message: string }>(
    `SELECT kind, message FROM alerts WHERE pipeline_run_id = $1 AND resolved_at IS NULL`,
    [runId],
  );
const errorsOf = (runId: number) =>
  kit.db.many<{ error: string }>(
    `SELECT error FROM jobs WHERE pipeline_run_id = $1 AND status = 'FAILED' ORDER BY id`,
    [runId],
  );
const stepId = async (runId: number, position = 1) => (await kit.step(runId, position)).id;
const retry = async (runId: number) => retryFailedJobs(kit.engine, kit.actor, { runStepId: await stepId(runId) });

describe("a budget of attempts", () => {
  it("stops the run at its limit with one alert, and goes on when it is raised", async () => {
    const runId = await kit.newRun([{ maxChildren: 4 }, {}], { reviewFirstStep: true, maxJobs: 2 });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId)).toHaveLength(2);
    const why = "The run has started 2 attempts; its budget is 2.";
    const notTried = "Not tried: by then the run had started 2 attempts, and its budget was 2.";
    expect(await errorsOf(runId)).toEqual([{ error: notTried }, { error: notTried }]);
    expect(await openAlerts(runId)).toEqual([
      {
        kind: "GENERATION_FAILING",
        message: `Run #${runId} spends nothing more. ${why} Raise its budget, then retry the failed jobs.`,
      },
    ]);
    expect(await eventsOf(kit, runId, "alert_raised")).toBe(1);
    expect(await brokenRunRules(kit.db)).toEqual([]);
    expect((await diagnose(kit.engine, [runId])).get(runId)).toMatchObject([
      { code: "WAITING_FOR_APPROVAL" },
      { code: "RUN_BUDGET_SPENT", message: `${why} 2 jobs of step 1 (Step 1) were not tried.` },
    ]);

    await expect(retry(runId)).rejects.toThrow(`${why} Raise the budget first.`);
    expect(await kit.candidates(runId)).toHaveLength(2);

    await setRunBudget(kit.engine, kit.actor, { runId, maxJobs: 4 });
    expect((await diagnose(kit.engine, [runId])).get(runId)?.[1]).toMatchObject({
      code: "FAILED_JOBS",
      message: "2 jobs of step 1 (Step 1) were not tried.",
    });
    await retry(runId);
    await kit.until(runId, async () => (await kit.candidates(runId)).length === 4);
    expect(await openAlerts(runId)).toEqual([]);
    expect(await budgetOf(runId)).toEqual({ maxJobs: 4, started: 4, maxCost: null, cost: 0 });
    expect(await eventsOf(kit, runId, "run_budget_set")).toBe(1);
  });

  it("G16: a run that made nothing for want of it has failed, says so once, and is taken up again", async () => {
    const runId = await kit.newRun([{ generator: "dear", maxChildren: 2 }], { maxJobs: 1, maxCostUsd: 10 });
    await kit.untilRun(runId, "COMPLETED");
    const failed = await kit.newRun([{ maxChildren: 2 }, { generator: "dear", maxChildren: 1 }], { maxJobs: 2 });
    await kit.untilStep(failed, 2, "GENERATING").catch(() => undefined);
    await kit.untilRun(failed, "FAILED");
    expect(await openAlerts(failed)).toEqual([
      {
        kind: "GENERATION_FAILING",
        message: `Run #${failed} failed. Step 2 (Step 2) made no candidate. Not tried: by then the run had started 2 attempts, and its budget was 2. (2 times)`,
      },
    ]);
    expect(await eventsOf(kit, failed, "alert_raised")).toBe(1);
    const action = "Raise the budget, then retry the failed jobs of step 2 (Step 2): the run goes on from there.";
    expect((await diagnose(kit.engine, [failed])).get(failed)).toMatchObject([{ code: "FAILED", action }]);
    await setRunBudget(kit.engine, kit.actor, { runId: failed, maxJobs: null });
    await retryFailedJobs(kit.engine, kit.actor, { runStepId: await stepId(failed, 2) });
    await kit.untilStep(failed, 2, "AWAITING_APPROVAL");
    expect(await kit.candidates(failed, 2)).toHaveLength(2);
  });
});

describe("a budget of cost", () => {
  it("is spent by failed attempts too; what is over it is not begun", async () => {
    const input = { reviewFirstStep: true, maxCostUsd: 1 };
    const runId = await kit.newRun([{ generator: "dear", maxChildren: 4 }, {}], input);
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId)).toHaveLength(1);
    expect(await errorsOf(runId)).toEqual([
      { error: "The paint ran dry." },
      { error: "Not tried: by then the run had spent $1.20, and its budget was $1.00." },
      { error: "Not tried: by then the run had spent $1.20, and its budget was $1.00." },
    ]);
    expect(await budgetOf(runId)).toEqual({ maxJobs: null, started: 2, maxCost: 1, cost: 2 * PRICE });
    expect(
      await kit.db.many(`SELECT cost_usd AS cost FROM jobs WHERE pipeline_run_id = $1 ORDER BY id`, [runId]),
    ).toEqual([{ cost: PRICE }, { cost: PRICE }, { cost: 0 }, { cost: 0 }]);
    await setRunBudget(kit.engine, kit.actor, { runId, maxCostUsd: 1.5 });
    await retry(runId);
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await kit.until(runId, async () => (await budgetOf(runId)).cost > 1.7);
    expect(await kit.candidates(runId)).toHaveLength(2);
  });

  it("of nothing begins nothing", async () => {
    const runId = await kit.newRun([{ maxChildren: 1 }], { maxCostUsd: 0 });
    await kit.untilRun(runId, "FAILED");
    expect(await budgetOf(runId)).toMatchObject({ started: 0, cost: 0 });
  });
});

describe("what is not taken has cost its money all the same", () => {
  /** Tells that it has begun, and answers when it is let, wanted or not. */
  function deafGenerator({ external = false } = {}) {
    const [begun, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const generator: Generator = {
      ...echoGenerator("deaf"),
      async generate(_request, { saveExternalId }) {
        if (external) await saveExternalId("remote-1");
        begun.resolve();
        await answer.promise;
        return { assets: [], text: "late", meta: {}, usage: { costUsd: PRICE } };
      },
    };
    return { generator, begun: begun.promise, answer: answer.resolve };
  }
  const costs = async (kit: EngineKit, runId: number) =>
    (await kit.db.one<{ cost: number }>(`SELECT cost_usd AS cost FROM pipeline_runs WHERE id = $1`, [runId])).cost;
  const jobCosts = (kit: EngineKit, runId: number) =>
    kit.db.many(`SELECT cost_usd AS cost FROM jobs WHERE pipeline_run_id = $1`, [runId]);

  it("the answer of a run that was aborted", async () => {
    await using kit = await engineKit();
    const deaf = deafGenerator();
    await kit.worker([deaf.generator]);
    const runId = await kit.newRun([{ generator: "deaf", maxChildren: 1 }]);
    await deaf.begun;
    await abortRun(kit.engine, kit.actor, { runId });
    deaf.answer();
    await expect.poll(() => costs(kit, runId)).toBe(PRICE);
    expect(await jobCosts(kit, runId)).toEqual([{ cost: PRICE }]);
    expect(await kit.candidates(runId)).toEqual([]);
  });

  it("the answer of a worker that has lost the job, unless its work is taken up where it goes on", async () => {
    for (const [external, expected] of [
      [false, PRICE],
      [true, 0],
    ] as const) {
      await using kit = await engineKit();
      const deaf = deafGenerator({ external });
      const worker = await kit.worker([deaf.generator]);
      const runId = await kit.newRun([{ generator: "deaf", maxChildren: 1 }]);
      await deaf.begun;
      // As if another worker had been given it.
      await kit.db.query(`UPDATE jobs SET fence = fence + 1 WHERE pipeline_run_id = $1`, [runId]);
      deaf.answer();
      await worker[Symbol.asyncDispose]();
      expect(await costs(kit, runId)).toBe(expected);
    }
  });
});

it("A4: what was begun before a worker's end is no new expense: it is taken up, whatever the budget", async () => {
  await using kit = await engineKit();
  const runId = await kit.newRun([{ maxChildren: 2 }, {}], { reviewFirstStep: true, maxJobs: 1 });
  const [begun, waiting] = await jobsOf(kit, runId);
  // As kill -9 leaves it: a worker's row without its lock.
  const dead = await kit.db.one<{ id: number }>(`INSERT INTO workers (name) VALUES ('dead') RETURNING id`);
  const held = await startJob(kit.engine, begun!.id, { workerId: dead.id, concurrencyOf: () => null });
  if (held === null || held === "busy") throw new Error("The job was to be had.");
  await saveExternalId(kit.engine, held, "remote-1");
  expect(await startJob(kit.engine, waiting!.id, { workerId: dead.id, concurrencyOf: () => null })).toBe(null);
  await kit.worker();
  await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  expect((await jobsOf(kit, runId)).map(({ status }) => status)).toEqual(["COMPLETED", "FAILED"]);
  expect(await kit.db.one(`SELECT attempts_started AS started FROM pipeline_runs WHERE id = $1`, [runId])).toEqual({
    started: 1,
  });
});

it("A4: an attempt whose worker is gone without having given it back counts no more", async () => {
  await using kit = await engineKit();
  const runId = await kit.newRun([{ maxChildren: 2 }], { reviewFirstStep: true });
  const [job] = await jobsOf(kit, runId);
  const { id: workerId } = await kit.db.one<{ id: number }>(
    `INSERT INTO workers (name, stopped_at) VALUES ('gone', now()) RETURNING id`,
  );
  await startJob(kit.engine, job!.id, { workerId, concurrencyOf: () => null });
  const started = () => kit.db.one(`SELECT attempts_started AS started FROM pipeline_runs WHERE id = $1`, [runId]);
  expect(await started()).toEqual({ started: 1 });
  await resumeRuns(kit.engine);
  expect(await started()).toEqual({ started: 0 });
  expect((await jobsOf(kit, runId)).map(({ status }) => status)).toEqual(["QUEUED", "QUEUED"]);
});

describe("where a budget comes from", () => {
  it("the pipeline's, unless the run names another", async () => {
    await kit.newPipeline("with a budget", [{ maxChildren: 1 }]);
    await kit.db.query(`UPDATE pipelines SET max_jobs = 7, max_cost_usd = 2.5 WHERE name = 'with a budget'`);
    const own = await kit.newRun([], { pipeline: "with a budget" });
    expect(await budgetOf(own)).toMatchObject({ maxJobs: 7, maxCost: 2.5 });
    const other = await kit.newRun([], { pipeline: "with a budget", maxJobs: 3, maxCostUsd: null });
    expect(await budgetOf(other)).toMatchObject({ maxJobs: 3, maxCost: 2.5 });
  });

  it("a fork has that of its source, with nothing of it spent", async () => {
    const runId = await kit.newRun([{ maxChildren: 2 }, {}], { reviewFirstStep: true, maxJobs: 5, maxCostUsd: 2 });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    const runStepId = await stepId(runId);
    const copy = await forkRun(kit.engine, kit.actor, { runStepId });
    expect(await budgetOf(copy.runId)).toEqual({ maxJobs: 5, started: 0, maxCost: 2, cost: 0 });
    const other = await forkRun(kit.engine, kit.actor, { runStepId, maxJobs: 9 });
    expect(await budgetOf(other.runId)).toMatchObject({ maxJobs: 9, maxCost: 2 });
    const made = (id: number) =>
      kit.db.many(`SELECT generator, duration_ms AS ms FROM candidates WHERE pipeline_run_id = $1 ORDER BY id`, [id]);
    expect(await made(copy.runId)).toEqual(await made(runId));
  });

  it("keeps what a change leaves out", async () => {
    const runId = await kit.newRun([{ maxChildren: 1 }, {}], { reviewFirstStep: true, maxJobs: 5, maxCostUsd: 2 });
    await setRunBudget(kit.engine, kit.actor, { runId, maxCostUsd: 3 });
    expect(await budgetOf(runId)).toMatchObject({ maxJobs: 5, maxCost: 3 });
    await setRunBudget(kit.engine, kit.actor, { runId, maxJobs: null });
    expect(await budgetOf(runId)).toMatchObject({ maxJobs: null, maxCost: 3 });
  });

  it("warns whoever sets one that is spent already, and takes it", async () => {
    const runId = await kit.newRun([{ maxChildren: 2 }, {}], { reviewFirstStep: true });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    expect((await setRunBudget(kit.engine, kit.actor, { runId, maxJobs: 3 })).warning).toBeNull();
    expect((await setRunBudget(kit.engine, kit.actor, { runId, maxJobs: 2 })).warning).toBe(
      "The run has started 2 attempts; its budget is 2. It begins nothing more until the budget is raised.",
    );
    expect(await budgetOf(runId)).toMatchObject({ maxJobs: 2 });
  });

  it.each([
    [{ maxJobs: 0 }, "The budget of attempts is a whole number from 1 to 1000000."],
    [{ maxJobs: 1.5 }, "The budget of attempts is a whole number from 1 to 1000000."],
    [{ maxCostUsd: -1 }, "The budget in US dollars is a number from 0 to 1000000."],
    [{ maxCostUsd: Number.NaN }, "The budget in US dollars is a number from 0 to 1000000."],
  ])("refuses %j everywhere", async (budget, message) => {
    const runId = await kit.newRun([{ maxChildren: 1 }, {}], { reviewFirstStep: true });
    const runStepId = await stepId(runId);
    const refused = new InvalidInputError(message, Object.keys(budget)[0]);
    await expect(setRunBudget(kit.engine, kit.actor, { runId, ...budget })).rejects.toThrow(refused);
    await expect(kit.newRun([{}], budget)).rejects.toThrow(refused);
    await expect(forkRun(kit.engine, kit.actor, { runStepId, ...budget })).rejects.toThrow(refused);
  });

  it("is set by who may operate, for a run that is there and can go on", async () => {
    const approver = await kit.newActor("arno", "APPROVER");
    const runId = await kit.newRun([{ maxChildren: 1 }, {}], { reviewFirstStep: true });
    await expect(setRunBudget(kit.engine, approver, { runId, maxJobs: 1 })).rejects.toThrow(ForbiddenError);
    await expect(setRunBudget(kit.engine, kit.actor, { runId: 0, maxJobs: 1 })).rejects.toThrow(NotFoundError);
    await abortRun(kit.engine, kit.actor, { runId });
    await expect(setRunBudget(kit.engine, kit.actor, { runId, maxJobs: 1 })).rejects.toThrow(
      new StepClosedError(`Run #${runId} has ended: it spends nothing more.`),
    );
  });
});

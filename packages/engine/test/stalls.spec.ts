import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GENERATION_STALL_SECONDS } from "../src/advance/due-alerts.ts";
import { checkStalls } from "../src/commands/check-stalls.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { retryFailedJobs } from "../src/commands/retry-failed-jobs.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { brittleGenerator, heldGenerator } from "./generators.ts";
import { eventsOf, jobsOf, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

const alertsOf = (of: EngineKit, runId: number) =>
  of.db.many<{ kind: string; open: boolean; message: string }>(
    `SELECT kind, resolved_at IS NULL AS open, message FROM alerts WHERE pipeline_run_id = $1 ORDER BY id`,
    [runId],
  );
const later = (seconds: number) => new Date(Date.now() + seconds * 1_000);
const DAY = 86_400;

describe("L1: gates that wait too long", () => {
  it("L1, L2: raises APPROVAL_STALLED once, however often it is looked for, and resolves it by the approval", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await checkStalls(kit.engine, later(DAY - 60));
    expect(await alertsOf(kit, runId)).toEqual([]);
    await Promise.all([1, 2, 3].map(() => checkStalls(kit.engine, later(DAY + 60))));
    await checkStalls(kit.engine, later(2 * DAY));
    const [alert, ...more] = await alertsOf(kit, runId);
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ kind: "APPROVAL_STALLED", open: true });
    expect(alert?.message).toMatch(`Run #${runId}, step 2 (Step 2) has waited for approval since `);
    expect(await eventsOf(kit, runId, "alert_raised")).toBe(1);
    // Never does a timeout approve anything by itself.
    expect(await kit.step(runId, 2)).toMatchObject({ status: "AWAITING_APPROVAL", approved: false });

    await kit.approve(runId, 2);
    expect(await alertsOf(kit, runId)).toMatchObject([{ kind: "APPROVAL_STALLED", open: false }]);
    expect(await eventsOf(kit, runId, "alert_resolved")).toBe(1);
  });

  it("L1: `stallAfter` is each step's own", async () => {
    const runId = await kit.newRun([{ stallAfterSeconds: 120 }], { reviewFirstStep: true });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await checkStalls(kit.engine, later(60));
    expect(await alertsOf(kit, runId)).toEqual([]);
    await checkStalls(kit.engine, later(180));
    expect(await alertsOf(kit, runId)).toMatchObject([{ kind: "APPROVAL_STALLED", open: true }]);
  });

  it("L2: an alert survives a restart without being raised again, and a rejection resolves it", async () => {
    await using kit = await engineKit();
    const worker = await kit.worker();
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await checkStalls(kit.engine, later(DAY + 60));
    await worker[Symbol.asyncDispose]();
    await kit.worker();
    await checkStalls(kit.engine, later(DAY + 120));
    expect(await alertsOf(kit, runId)).toMatchObject([{ open: true }]);
    await rejectStep(kit.engine, kit.actor, { runStepId: (await kit.step(runId, 2)).id });
    expect(await alertsOf(kit, runId)).toMatchObject([{ open: false }]);
  });
});

describe("L1: generation", () => {
  it("L1, L2: raises GENERATION_STALLED for a step without progress, and resolves it when a candidate comes", async () => {
    const held = heldGenerator();
    await using kit = await engineKit();
    await kit.worker([held], { concurrency: 1 });
    const runId = await kit.newRun([{ generator: held.name, maxChildren: 2 }]);
    await kit.until(runId, async () => (await jobsOf(kit, runId)).some(({ status }) => status === "RUNNING"));
    await checkStalls(kit.engine, later(GENERATION_STALL_SECONDS - 60));
    expect(await alertsOf(kit, runId)).toEqual([]);
    await checkStalls(kit.engine, later(GENERATION_STALL_SECONDS + 60));
    await checkStalls(kit.engine, later(GENERATION_STALL_SECONDS + 120));
    expect(await alertsOf(kit, runId)).toMatchObject([{ kind: "GENERATION_STALLED", open: true }]);
    held.release();
    await kit.untilRun(runId, "COMPLETED");
    expect(await alertsOf(kit, runId)).toMatchObject([{ kind: "GENERATION_STALLED", open: false }]);
    // The first candidate resolved it, not only the end of the step.
    const order = await kit.db.many<{ type: string }>(
      `SELECT type FROM run_events WHERE pipeline_run_id = $1 AND type IN ('alert_resolved', 'candidate_created') ORDER BY seq`,
      [runId],
    );
    expect(order.map(({ type }) => type)).toEqual(["alert_resolved", "candidate_created", "candidate_created"]);
  });

  it("L1: a step without jobs is no stall", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await checkStalls(kit.engine, later(GENERATION_STALL_SECONDS + 60));
    expect(await alertsOf(kit, runId)).toEqual([]);
  });

  it("L1: a step whose failures exceed its budget raises GENERATION_FAILING and stops spending", async () => {
    const brittle = brittleGenerator();
    await using kit = await engineKit();
    await kit.worker([brittle, echoGenerator()], { concurrency: 1 });
    const runId = await kit.newRun([{ generator: brittle.name, maxChildren: 6, failureBudget: 1 }]);
    await kit.untilRun(runId, "FAILED");
    const { attempted } = await kit.db.one<{ attempted: number }>(
      `SELECT count(*)::int AS attempted FROM jobs WHERE pipeline_run_id = $1 AND attempts > 0`,
      [runId],
    );
    expect(attempted).toBe(2);
    const open = (await alertsOf(kit, runId)).filter((alert) => alert.open);
    expect(open).toMatchObject([{ kind: "GENERATION_FAILING" }]);

    brittle.broken = false;
    await retryFailedJobs(kit.engine, kit.actor, { runStepId: (await kit.step(runId, 1)).id });
    await kit.untilRun(runId, "COMPLETED");
    expect((await alertsOf(kit, runId)).some((alert) => alert.open)).toBe(false);
    expect(await kit.candidates(runId, 1)).toHaveLength(6);
  });
});

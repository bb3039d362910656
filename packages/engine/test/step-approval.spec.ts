import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRun } from "../src/commands/create-run.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { ApprovalFinalError, InvalidTopKError } from "../src/errors.ts";
import { topK } from "../src/rules/ranking.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { advancingPlaces, eventsOf, jobsOf, rateBySlot, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

const approvedOf = async (runId: number) => (await kit.steps(runId)).map(({ approved }) => approved);

describe("Requirement: Pipeline Run Step Approval", () => {
  it("Scenario: New run has first step auto-approved", async () => {
    const runId = await kit.newRun([{}, {}, {}]);
    expect(await approvedOf(runId)).toEqual([true, false, false]);
    const first = await kit.step(runId, 1);
    expect(first).toMatchObject({ gate: "AUTO", topKCount: 3 });
    expect(first.approvedAt).toBeInstanceOf(Date);
  });

  it("Scenario: Per-run approval isolation", async () => {
    const pipeline = "isolation";
    await kit.newPipeline(pipeline, [{}, {}, {}]);
    const runA = await kit.newRun([], { pipeline });
    const runB = await kit.newRun([], { pipeline });
    for (const runId of [runA, runB]) await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const seen = await eventsOf(kit, runB, "approval_granted");
    await kit.approve(runA, 2, 1);
    expect(await kit.step(runA, 2)).toMatchObject({ status: "APPROVED", approved: true, topKCount: 1 });
    expect(await kit.step(runB, 2)).toMatchObject({ status: "AWAITING_APPROVAL", approved: false, topKCount: 3 });
    expect(await eventsOf(kit, runB, "approval_granted")).toBe(seen);
    expect(await jobsOf(kit, runB, 3)).toEqual([]);
  });

  it("Scenario: Approval is one-way", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 2, children: 2 });
    await kit.approve(runId, 2, 1);
    const { id: runStepId } = await kit.step(runId, 2);
    const refusal = "Approvals cannot be reverted. Create new run for different configuration.";
    await expect(rejectStep(kit.engine, kit.actor, { runStepId })).rejects.toThrow(new ApprovalFinalError(runStepId));
    await expect(kit.approve(runId, 2, 3)).rejects.toThrow(refusal);
    // Nor by any other way into the database.
    await expect(
      kit.db.query(`UPDATE pipeline_run_steps SET approved = false, status = 'BLOCKED' WHERE id = $1`, [runStepId]),
    ).rejects.toThrow("Approvals cannot be reverted");
    expect(await kit.step(runId, 2)).toMatchObject({ approved: true, topKCount: 1 });
  });
});

describe("10. Tests - Models", () => {
  const insert = (runId: number, set: { approved?: boolean; approvedAt?: Date | null; topK?: number }) =>
    kit.db.query(
      `INSERT INTO pipeline_run_steps (pipeline_run_id, pipeline_step_id, position, gate, approved, approved_at, top_k_count)
       SELECT $1, s.id, s.position, 'MANUAL', $2, $3, $4 FROM pipeline_steps s
       JOIN pipeline_runs r ON r.pipeline_id = s.pipeline_id WHERE r.id = $1 AND s.position = 2`,
      [runId, set.approved ?? false, set.approvedAt ?? null, set.topK ?? 3],
    );
  /** A run whose second step has no row, as no command would leave it. */
  const runWithoutStep2 = async () => {
    const runId = await kit.newRun([{ gate: "MANUAL" }, {}]);
    await kit.db.query(`DELETE FROM pipeline_run_steps WHERE pipeline_run_id = $1 AND position = 2`, [runId]);
    return runId;
  };

  it("10.1 `PipelineRunStep` creation with valid attributes", async () => {
    const runId = await runWithoutStep2();
    expect(await insert(runId, { approved: true, approvedAt: new Date(), topK: 2 })).toBe(1);
    expect(await kit.step(runId, 2)).toMatchObject({ approved: true, topKCount: 2, rankingVersion: 0 });
  });

  it("10.2 uniqueness constraint on `[run_id, step_id]`", async () => {
    const runId = await kit.newRun([{}, {}]);
    await expect(insert(runId, {})).rejects.toThrow("pipeline_run_steps_pipeline_run_id_pipeline_step_id_key");
  });

  it("2.8 `approved_at` required if `approved == true`", async () => {
    const runId = await runWithoutStep2();
    await expect(insert(runId, { approved: true })).rejects.toThrow("pipeline_run_steps_approved_has_time");
  });

  it("10.3 `top_k_candidates` returns correct candidates sorted by ELO", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 4 });
    const rows = await rateBySlot(kit, runId, 2, [990, 1_200, 1_010, 1_100]);
    const rankable = rows.map((row) => ({ ...row, createdAt: new Date(0) }));
    expect(topK(rankable, 3).advancing.map(({ elo }) => elo)).toEqual([1_200, 1_100, 1_010]);
    await kit.approve(runId, 2, 3);
    expect(await advancingPlaces(kit, runId, 2)).toEqual([1, 2, 3]);
  });

  it("10.4 `PipelineRun#approve_step!` updates approval state", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const before = await kit.step(runId, 2);
    expect(before).toMatchObject({ approved: false, approvedAt: null });
    await kit.approve(runId, 2, 2);
    const after = await kit.step(runId, 2);
    expect(after).toMatchObject({ status: "APPROVED", approved: true, topKCount: 2 });
    expect(after.approvedAt).toBeInstanceOf(Date);
    expect(
      await kit.db.many(
        `SELECT a.status, a.decided_by_id AS by, a.top_k AS k, a.decided_at IS NOT NULL AS decided FROM approvals a
         WHERE a.pipeline_run_step_id = $1`,
        [after.id],
      ),
    ).toEqual([{ status: "APPROVED", by: kit.actor.id, k: 2, decided: true }]);
  });

  it("10.5 auto-approval of Step 1 on run creation", async () => {
    const runId = await kit.newRun([{}, {}]);
    expect(await approvedOf(runId)).toEqual([true, false]);
    const { frozen } = await kit.db.one<{ frozen: boolean }>(
      `SELECT frozen_at IS NOT NULL AS frozen FROM pipeline_run_steps WHERE pipeline_run_id = $1 AND position = 2`,
      [runId],
    );
    expect(frozen).toBe(false);
  });

  it("10.6 validation: `top_k_count >= 1`", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await expect(kit.approve(runId, 2, 0)).rejects.toThrow(InvalidTopKError);
    const { id } = await kit.step(runId, 2);
    await expect(kit.db.query(`UPDATE pipeline_run_steps SET top_k_count = 0 WHERE id = $1`, [id])).rejects.toThrow(
      "pipeline_run_steps_k_at_least_1",
    );
    await expect(
      createRun(kit.engine, kit.actor, { pipeline: "isolation", prompt: "", defaultTopK: 0 }),
    ).rejects.toThrow("K must be at least 1");
  });

  it("G1: a run and its steps come together or not at all, whoever else creates runs", async () => {
    await kit.newPipeline("together", [{}, {}, {}]);
    const runs = await Promise.all(Array.from({ length: 8 }, () => kit.newRun([], { pipeline: "together" })));
    for (const runId of runs) expect(await kit.steps(runId)).toHaveLength(3);
    expect(new Set(runs).size).toBe(8);
  });
});

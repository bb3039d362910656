import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { approveAllRemaining } from "../src/commands/approve-all-remaining.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { retryFailedJobs } from "../src/commands/retry-failed-jobs.ts";
import { sendBackStep } from "../src/commands/send-back-step.ts";
import {
  ApprovalFinalError,
  NoCandidatesError,
  PreviousStepUnapprovedError,
  RunNotActiveError,
  StaleRankingError,
  StaleRoundError,
  StillGeneratingError,
} from "../src/errors.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { brittleGenerator, heldGenerator } from "./generators.ts";
import { advancingPlaces, eventsOf, jobsOf, nextWork, rateBySlot, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("G5: what approving needs", () => {
  it("G5: the previous gate open", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await expect(kit.approve(runId, 3)).rejects.toThrow(PreviousStepUnapprovedError);
    await expect(kit.approve(runId, 3)).rejects.toThrow("Step 2 is not approved yet. Approve it first.");
  });

  it("G5: no job of the step queued or running", async () => {
    const held = heldGenerator();
    await using kit = await engineKit();
    await kit.worker([held]);
    const runId = await kit.newRun([{ generator: held.name }], { reviewFirstStep: true });
    await expect(kit.approve(runId, 1)).rejects.toThrow(StillGeneratingError);
    held.release();
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await kit.approve(runId, 1);
  });

  it("G5: at least one active candidate", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    for (const { id } of await kit.candidates(runId, 2)) {
      await rejectCandidate(kit.engine, kit.actor, { candidateId: id, replace: false });
    }
    await expect(kit.approve(runId, 2)).rejects.toThrow(NoCandidatesError);
  });

  it("G5: an active run", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await rejectStep(kit.engine, kit.actor, { runStepId: (await kit.step(runId, 2)).id, comment: "Not this." });
    await expect(kit.approve(runId, 3)).rejects.toThrow(RunNotActiveError);
  });
});

describe("a decision holds nobody up: how sure its ranking is was worked out before it locks the run", () => {
  const decisions: Record<string, (runId: number, runStepId: number) => Promise<unknown>> = {
    approveStep: (runId) => kit.approve(runId, 2),
    rejectStep: (_runId, runStepId) => rejectStep(kit.engine, kit.actor, { runStepId }),
    sendBackStep: (_runId, runStepId) =>
      sendBackStep(kit.engine, kit.actor, { runStepId, toRunStepId: runStepId, comment: "Again." }),
    approveAllRemaining: (runId) => approveAllRemaining(kit.engine, kit.actor, { runId }),
  };
  it.each(Object.entries(decisions))("%s", async (_name, decide) => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const [a, b] = await kit.candidates(runId, 2);
    await kit.engine.castVote(kit.actor, { leftId: a!.id, rightId: b!.id, outcome: "LEFT" });
    const { id } = await kit.step(runId, 2);
    const sent = vi.spyOn(pg.Client.prototype, "query");
    try {
      await decide(runId, id);
      const locking = new Set<unknown>();
      const reads: ("free" | "locked")[] = [];
      for (const [index, [statement]] of sent.mock.calls.entries()) {
        const client = sent.mock.contexts[index];
        const sql = String(statement);
        if (sql.includes("FOR NO KEY UPDATE")) locking.add(client);
        if (sql === "COMMIT") locking.delete(client);
        if (sql.includes("FROM votes v JOIN candidates")) reads.push(locking.has(client) ? "locked" : "free");
      }
      expect(reads).toEqual(["free"]);
    } finally {
      sent.mockRestore();
    }
  });
});

describe("G8: rejecting a step", () => {
  it("G8: ends the run as REJECTED with the comment; nothing of it stays queued", async () => {
    const held = heldGenerator();
    await using kit = await engineKit();
    await kit.worker([held], { concurrency: 1 });
    const runId = await kit.newRun([{ generator: held.name }, {}], { reviewFirstStep: true });
    await kit.until(runId, async () => (await jobsOf(kit, runId)).some(({ status }) => status === "RUNNING"));
    await rejectStep(kit.engine, kit.actor, { runStepId: (await kit.step(runId, 1)).id, comment: "Wrong brief." });
    expect(
      await kit.db.one(`SELECT status, status_reason AS reason FROM pipeline_runs WHERE id = $1`, [runId]),
    ).toEqual({
      status: "REJECTED",
      reason: "Wrong brief.",
    });
    expect((await jobsOf(kit, runId)).map(({ status }) => status)).toEqual(["CANCELLED", "CANCELLED", "CANCELLED"]);
    expect(await kit.candidates(runId)).toEqual([]);
  });
});

describe("G9: approve all remaining", () => {
  it("G9: approves the step that waits and the later gates, each as decided by that person, with the same K", async () => {
    const runId = await kit.newRun([{}, {}, {}, {}], { maxChildrenPerNode: 2 });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const ben = await kit.newActor("ben");
    await approveAllRemaining(kit.engine, ben, { runId, topK: 1, comment: "Go on." });
    await kit.untilRun(runId, "COMPLETED");

    const decided = await kit.db.many(
      `SELECT rs.position, rs.gate, rs.top_k_count AS k, rs.approved_by_id AS by, rs.comment,
         a.status, a.decided_by_id AS "decidedBy", a.top_k AS "decidedK"
       FROM pipeline_run_steps rs LEFT JOIN approvals a ON a.pipeline_run_step_id = rs.id
       WHERE rs.pipeline_run_id = $1 AND rs.position > 1 ORDER BY rs.position`,
      [runId],
    );
    const common = { k: 1, by: ben.id, comment: "Go on.", status: "APPROVED", decidedBy: ben.id, decidedK: 1 };
    expect(decided).toEqual([
      { position: 2, gate: "MANUAL", ...common },
      { position: 3, gate: "AUTO", ...common },
      { position: 4, gate: "AUTO", ...common },
    ]);
    for (const position of [2, 3, 4]) expect(await advancingPlaces(kit, runId, position)).toHaveLength(1);
    expect(await kit.candidates(runId, 4)).toHaveLength(2);
    expect(await eventsOf(kit, runId, "approval_granted")).toBe(3);
  });

  it("G9: without a K, every gate keeps its own: its template's, or its step's", async () => {
    const specs = [{ maxChildren: 4 }, { maxChildren: 2, topK: 3 }, { maxChildren: 2, topK: 2 }, { maxChildren: 1 }];
    const pipelineId = await kit.newPipeline("own K", specs);
    const templates = [{ name: "narrow", description: null, steps: [{ position: 3, topK: 1, policy: null }] }];
    await kit.db.query(`UPDATE pipelines SET default_k = 4, approval_templates = $2 WHERE id = $1`, [
      pipelineId,
      JSON.stringify(templates),
    ]);
    const own = { pipeline: "own K", approvalTemplate: "narrow" };
    const runId = await kit.newRun([], own);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const seen = (await kit.steps(runId)).map(({ topKCount }) => topKCount);
    expect(seen).toEqual([4, 3, 1, 4]);
    await approveAllRemaining(kit.engine, kit.actor, { runId });
    await kit.untilRun(runId, "COMPLETED");
    const decided = await kit.db.many<{ k: number; decided: number }>(
      `SELECT rs.top_k_count AS k, a.top_k AS decided FROM pipeline_run_steps rs
       JOIN approvals a ON a.pipeline_run_step_id = rs.id WHERE rs.pipeline_run_id = $1 ORDER BY rs.position`,
      [runId],
    );
    expect(decided).toEqual([3, 1, 4].map((k) => ({ k, decided: k })));
    expect(await advancingPlaces(kit, runId, 2)).toHaveLength(3);
    expect(await advancingPlaces(kit, runId, 3)).toHaveLength(1);
  });

  it("G7, F6: bound to what was seen of the gate that waits: its ranking and its round", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const seen = await kit.step(runId, 2);
    const [a, b] = await kit.candidates(runId, 2);
    await kit.engine.castVote(kit.actor, { leftId: a!.id, rightId: b!.id, outcome: "LEFT" });
    const all = (bound: { rankingVersion?: number; round?: number }) =>
      approveAllRemaining(kit.engine, kit.actor, { runId, ...bound });
    await expect(all({ rankingVersion: seen.rankingVersion })).rejects.toThrow(StaleRankingError);
    const sentBack = { runStepId: seen.id, toRunStepId: seen.id, comment: "Again." };
    await sendBackStep(kit.engine, kit.actor, sentBack);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await expect(all({ round: 1 })).rejects.toThrow(new StaleRoundError(2, 1, 2));
    expect(await kit.steps(runId)).toMatchObject([{}, { approved: false }, { gate: "MANUAL", approved: false }]);
    await all({ round: 2, rankingVersion: (await kit.step(runId, 2)).rankingVersion });
    await kit.untilRun(runId, "COMPLETED");
  });

  it("G9: with nothing left to decide it is refused as final", async () => {
    const runId = await kit.newRun([{}]);
    await kit.untilRun(runId, "COMPLETED");
    await expect(approveAllRemaining(kit.engine, kit.actor, { runId })).rejects.toThrow(ApprovalFinalError);
  });

  it("G9: other runs keep their gates", async () => {
    const other = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await approveAllRemaining(kit.engine, kit.actor, { runId });
    await kit.untilRun(runId, "COMPLETED");
    expect(await kit.step(other, 2)).toMatchObject({ status: "AWAITING_APPROVAL", gate: "MANUAL", approved: false });
  });
});

describe("G10: the last gate", () => {
  it("G10: completes the run, with the advancing candidates as its winners", async () => {
    const runId = await kit.newRun([{ maxChildren: 1 }, { maxChildren: 4 }]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await rateBySlot(kit, runId, 2, [1_000, 1_300, 900, 1_200]);
    await kit.approve(runId, 2, 2);
    expect(await kit.status(runId)).toBe("COMPLETED");
    expect(await advancingPlaces(kit, runId, 2)).toEqual([1, 3]);
    expect(await nextWork(kit, runId)).toMatchObject({ mode: "NO_WORK" });
  });

  it("G3: an automatic last gate takes the K best once its step has settled", async () => {
    const runId = await kit.newRun([{ maxChildren: 4, topK: 2 }]);
    await kit.untilRun(runId, "COMPLETED");
    expect(await advancingPlaces(kit, runId, 1)).toHaveLength(2);
  });
});

describe("G14: gates that nobody has to open", () => {
  it("G14: SLUICE_GATES=off: every candidate advances as soon as it is there (2→4→8)", async () => {
    await using kit = await engineKit({ gates: "off" });
    await kit.worker();
    const runId = await kit.newRun([{}, { gate: "MANUAL" }, {}], {
      maxChildrenPerNode: 2,
      defaultTopK: 1,
      reviewFirstStep: true,
    });
    await kit.untilRun(runId, "COMPLETED");
    expect((await kit.steps(runId)).map(({ gate }) => gate)).toEqual(["OPEN", "OPEN", "OPEN"]);
    for (const [position, count] of [
      [1, 2],
      [2, 4],
      [3, 8],
    ] as const) {
      const rows = await kit.candidates(runId, position);
      expect(rows).toHaveLength(count);
      expect(new Set(rows.map(({ advancement }) => advancement))).toEqual(new Set(["ADVANCING"]));
    }
    expect(await eventsOf(kit, runId, "approval_requested")).toBe(0);
  });

  it("G14: behind an OPEN gate a child is made while its parent's sibling is still being made", async () => {
    const held = heldGenerator("held", ({ ordinal }) => ordinal === 2);
    await using kit = await engineKit();
    await kit.worker([echoGenerator(), held], { concurrency: 2 });
    const runId = await kit.newRun([{ gate: "OPEN", generator: held.name, maxChildren: 2 }, { maxChildren: 1 }, {}]);
    await kit.until(runId, async () => (await kit.candidates(runId, 2)).length === 1);
    expect(await kit.candidates(runId, 1)).toMatchObject([{ ordinal: 1, advancement: "ADVANCING" }]);
    expect((await kit.steps(runId)).map(({ status }) => status)).toEqual(["GENERATING", "GENERATING", "BLOCKED"]);
    held.release();
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId, 2)).toHaveLength(2);
  });

  it("G14: an AUTO gate opens by itself once its step has settled, for the top K", async () => {
    const runId = await kit.newRun([{ maxChildren: 1 }, { gate: "AUTO", maxChildren: 4, topK: 2 }, {}]);
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
    expect(await advancingPlaces(kit, runId, 2)).toHaveLength(2);
    expect(await eventsOf(kit, runId, "approval_requested")).toBe(1);
  });
});

describe("G16: a step without a single candidate", () => {
  it("G16: makes the run FAILED with the reasons and an alert; retrying takes it up again", async () => {
    const brittle = brittleGenerator();
    await using kit = await engineKit();
    await kit.worker([echoGenerator(), brittle]);
    const runId = await kit.newRun([{ maxChildren: 1 }, { generator: brittle.name }, {}]);
    await kit.untilRun(runId, "FAILED");
    const { id: runStepId } = await kit.step(runId, 2);
    const reason = "Step 2 (Step 2) made no candidate. The model is out of paint. (3 times)";
    expect(await kit.db.one(`SELECT status_reason AS reason FROM pipeline_runs WHERE id = $1`, [runId])).toEqual({
      reason,
    });
    const openAlerts = () =>
      kit.db.many(`SELECT kind, message FROM alerts WHERE pipeline_run_step_id = $1 AND resolved_at IS NULL`, [
        runStepId,
      ]);
    expect(await openAlerts()).toEqual([{ kind: "GENERATION_FAILING", message: `Run #${runId} failed. ${reason}` }]);
    expect(await nextWork(kit, runId)).toMatchObject({ mode: "NO_WORK", message: `Run #${runId} failed: ${reason}` });

    brittle.broken = false;
    await retryFailedJobs(kit.engine, kit.actor, { runStepId });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect(await openAlerts()).toEqual([]);
    expect(await kit.candidates(runId, 2)).toHaveLength(3);
    await kit.approve(runId, 2);
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
  });
});

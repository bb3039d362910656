import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { restoreCandidate } from "../src/commands/restore-candidate.ts";
import { sendBackStep } from "../src/commands/send-back-step.ts";
import { ForbiddenError, NotFoundError, RunNotActiveError, StepClosedError } from "../src/errors.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { brokenRunRules } from "../src/testing/run-rules.ts";
import { gateScene, voteAll } from "./gate-scenes.ts";
import { heldGenerator } from "./generators.ts";
import { bySlot, eventsOf, jobsOf } from "./scenes.ts";

const N = 3;
let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

const reject = (candidateId: number, replace = false, own = kit) =>
  rejectCandidate(own.engine, own.actor, { candidateId, replace });
const restore = (candidateId: number, own = kit) => restoreCandidate(own.engine, own.actor, { candidateId });

async function stepNow(runId: number, position: number, own = kit): Promise<{ status: string; expected: number }> {
  return await own.db.one(
    `SELECT status, expected_candidates AS expected FROM pipeline_run_steps WHERE pipeline_run_id = $1 AND position = $2`,
    [runId, position],
  );
}

describe("G13: a candidate that was rejected is taken in again before the decision", () => {
  it("G13, V1: it counts as before, with its votes, and the ranking is a new one", async () => {
    const scene = await gateScene(kit, {});
    await voteAll(kit, kit.actor, scene);
    const before = await bySlot(kit, scene.runId, 1);
    await reject(scene.candidates[0]!.id);
    const { rankingVersion } = await kit.step(scene.runId, 1);
    expect(await restore(scene.candidates[0]!.id)).toMatchObject({ runId: scene.runId, runStepId: scene.runStepId });
    expect(await bySlot(kit, scene.runId, 1)).toEqual(before);
    expect(await kit.step(scene.runId, 1)).toMatchObject({ rankingVersion: rankingVersion + 1 });
    expect(await stepNow(scene.runId, 1)).toEqual({ status: "AWAITING_APPROVAL", expected: N });
    await kit.approve(scene.runId, 1, 1);
    expect((await bySlot(kit, scene.runId, 1)).map(({ advancement }) => advancement === "ADVANCING")).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("G13: restoring it twice, or one that was never out, changes nothing", async () => {
    const scene = await gateScene(kit, {});
    await restore(scene.candidates[1]!.id);
    expect(await eventsOf(kit, scene.runId, "candidate_restored")).toBe(0);
    await reject(scene.candidates[1]!.id);
    await Promise.all([restore(scene.candidates[1]!.id), restore(scene.candidates[1]!.id)]);
    expect(await eventsOf(kit, scene.runId, "candidate_restored")).toBe(1);
    expect(await stepNow(scene.runId, 1)).toEqual({ status: "AWAITING_APPROVAL", expected: N });
  });

  it("G13: a replacement that is there stays, and the step has one more", async () => {
    const scene = await gateScene(kit, {});
    await reject(scene.candidates[0]!.id, true);
    await kit.untilStep(scene.runId, 1, "AWAITING_APPROVAL");
    await restore(scene.candidates[0]!.id);
    expect((await bySlot(kit, scene.runId, 1)).map(({ status }) => status)).toEqual(Array(N + 1).fill("ACTIVE"));
    expect(await stepNow(scene.runId, 1)).toEqual({ status: "AWAITING_APPROVAL", expected: N + 1 });
    expect(await restorationsOf(scene.runId)).toEqual([
      { actor: "ada", candidate: { id: scene.candidates[0]!.id, replaced: true, afterDecision: false } },
    ]);
  });

  it("G13: a replacement that nobody has begun is given up for it, and the gate asks again", async () => {
    const held = heldGenerator("held", ({ ordinal }) => ordinal > N);
    await using own = await engineKit();
    await own.worker([held], { concurrency: 1 });
    const runId = await own.newRun([{ generator: "held", maxChildren: N, gate: "MANUAL" }]);
    await own.untilStep(runId, 1, "AWAITING_APPROVAL");
    const [first, second, third] = await bySlot(own, runId, 1);
    // The worker begins the first replacement and is held there; the second waits.
    await reject(first!.id, true, own);
    await own.until(runId, async () => (await jobsOf(own, runId, 1)).some(({ status }) => status === "RUNNING"));
    await reject(second!.id, true, own);
    await reject(third!.id, false, own);
    expect(await stepNow(runId, 1, own)).toEqual({ status: "GENERATING", expected: 2 });

    // Nothing was made in the third one's place, so nothing is given up for it.
    await restore(third!.id, own);
    expect(await stepNow(runId, 1, own)).toEqual({ status: "GENERATING", expected: 3 });
    expect(await eventsOf(own, runId, "jobs_cancelled")).toBe(0);
    await restore(second!.id, own);
    expect(await stepNow(runId, 1, own)).toEqual({ status: "GENERATING", expected: 3 });
    expect((await jobsOf(own, runId, 1)).map(({ status }) => status).toSorted()).toEqual([
      "CANCELLED",
      "COMPLETED",
      "COMPLETED",
      "COMPLETED",
      "RUNNING",
    ]);
    await restore(first!.id, own);
    held.release();
    await own.untilStep(runId, 1, "AWAITING_APPROVAL");
    expect((await bySlot(own, runId, 1)).map(({ status }) => status)).toEqual(Array(N + 1).fill("ACTIVE"));
    expect(await stepNow(runId, 1, own)).toEqual({ status: "AWAITING_APPROVAL", expected: N + 1 });
    expect(await brokenRunRules(own.db)).toEqual([]);
  });

  it("G14: a parent behind an open gate has the children to come that it had", async () => {
    const held = heldGenerator();
    await using own = await engineKit();
    await own.worker([held, heldGenerator("slow", ({ ordinal }) => ordinal > 1)], { concurrency: 2 });
    const runId = await own.newRun([
      { generator: "slow", maxChildren: 2, gate: "OPEN" },
      { generator: "held", maxChildren: 2 },
    ]);
    await own.until(runId, async () => (await jobsOf(own, runId, 2)).some(({ status }) => status === "RUNNING"));
    const [parent] = await own.candidates(runId, 1);
    await reject(parent!.id, false, own);
    expect(await stepNow(runId, 2, own)).toMatchObject({ expected: 1 });
    await restore(parent!.id, own);
    expect(await own.candidates(runId, 1)).toMatchObject([{ status: "ACTIVE", advancement: "ADVANCING" }]);
    expect(await stepNow(runId, 2, own)).toMatchObject({ expected: 2 });
    expect((await jobsOf(own, runId, 2)).map(({ ordinal, status }) => [ordinal, status])).toEqual([
      [1, "RUNNING"],
      [2, "CANCELLED"],
      [3, "QUEUED"],
    ]);
    expect(await brokenRunRules(own.db)).toEqual([]);
  });
});

describe("what is not restored", () => {
  it("G3, G13: one of a decided step, and the refusal says what there is to do", async () => {
    const scene = await gateScene(kit, {});
    await reject(scene.candidates[0]!.id);
    await kit.approve(scene.runId, 1);
    const refused = await restore(scene.candidates[0]!.id).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StepClosedError);
    expect((refused as Error).message).toMatch(/is decided.*Fork the run/);
  });

  it("F15: one of an earlier round; and none of a run that has ended", async () => {
    const scene = await gateScene(kit, {});
    const [first, second] = scene.candidates;
    await reject(first!.id);
    await sendBackStep(kit.engine, kit.actor, {
      runStepId: scene.runStepId,
      toRunStepId: scene.runStepId,
      comment: "Once more.",
    });
    await expect(restore(first!.id)).rejects.toThrow(/was sent back/);
    await expect(restore(second!.id)).rejects.toThrow(StepClosedError);
    await kit.untilStep(scene.runId, 1, "AWAITING_APPROVAL");
    const [again] = (await kit.candidates(scene.runId, 1)).filter(({ round }) => round === 2);
    await reject(again!.id);
    await abortRun(kit.engine, kit.actor, { runId: scene.runId });
    await expect(restore(again!.id)).rejects.toThrow(RunNotActiveError);
  });

  it("G12: by nobody who may not decide the gate; and nothing that there is not", async () => {
    const bob = await kit.newActor("bob", "APPROVER");
    const scene = await gateScene(kit, { approvers: { roles: [], people: ["bob"] } });
    const { id } = scene.candidates[0]!;
    await rejectCandidate(kit.engine, bob, { candidateId: id, replace: false });
    await expect(restore(id)).rejects.toThrow(ForbiddenError);
    const voter = await kit.newActor("vera", "VOTER");
    await expect(restoreCandidate(kit.engine, voter, { candidateId: id })).rejects.toThrow(ForbiddenError);
    await restoreCandidate(kit.engine, bob, { candidateId: id });
    expect(await restorationsOf(scene.runId)).toEqual([
      { actor: "bob", candidate: { id, replaced: false, afterDecision: false } },
    ]);
    await expect(restore(2_000_000_000)).rejects.toThrow(NotFoundError);
  });
});

const restorationsOf = (runId: number) =>
  kit.db.many(
    `SELECT actor_name AS actor, entry::jsonb -> 'candidate' AS candidate FROM audit_entries
     WHERE pipeline_run_id = $1 AND type = 'candidate_restored' ORDER BY id`,
    [runId],
  );

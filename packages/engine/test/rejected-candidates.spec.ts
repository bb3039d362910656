import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../src/actor.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { ForbiddenError, PolicyUnmetError } from "../src/errors.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { gateScene } from "./gate-scenes.ts";
import { heldGenerator } from "./generators.ts";
import { advancingPlaces, bySlot, eventsOf, jobsOf, rateBySlot, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

const expectedOf = async (runId: number, position: number) =>
  (
    await kit.db.one<{ expected: number }>(
      `SELECT expected_candidates AS expected FROM pipeline_run_steps WHERE pipeline_run_id = $1 AND position = $2`,
      [runId, position],
    )
  ).expected;

describe("G13: rejected candidates", () => {
  it("G13: before the decision a replacement is made, of the same parent", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 2, children: 2 });
    const [first] = await bySlot(kit, runId, 2);
    const asked = await eventsOf(kit, runId, "approval_requested");
    await rejectCandidate(kit.engine, kit.actor, { candidateId: first!.id });
    // While it is made the gate cannot be decided.
    expect(await eventsOf(kit, runId, "approval_cancelled")).toBe(1);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const children = (await bySlot(kit, runId, 2)).filter(({ parentId }) => parentId === first!.parentId);
    expect(children.map(({ ordinal, status }) => ({ ordinal, status }))).toEqual([
      { ordinal: 1, status: "REJECTED" },
      { ordinal: 2, status: "ACTIVE" },
      { ordinal: 3, status: "ACTIVE" },
    ]);
    expect(await expectedOf(runId, 2)).toBe(4);
    expect(await eventsOf(kit, runId, "approval_requested")).toBe(asked + 1);
  });

  it("G13: with `replace: false` nothing takes its place, and it never advances", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 3 });
    const rows = await rateBySlot(kit, runId, 2, [1_500, 1_000, 900]);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: rows[0]!.id, replace: false });
    expect(await kit.step(runId, 2)).toMatchObject({ status: "AWAITING_APPROVAL" });
    expect(await expectedOf(runId, 2)).toBe(2);
    await kit.approve(runId, 2, 3);
    expect(await advancingPlaces(kit, runId, 2)).toEqual([1, 2]);
    expect(await kit.candidates(runId, 2)).toHaveLength(3);
  });

  it("G13: rejecting twice changes nothing the second time", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const [first] = await bySlot(kit, runId, 2);
    for (let time = 1; time <= 2; time += 1) {
      await rejectCandidate(kit.engine, kit.actor, { candidateId: first!.id, replace: false });
    }
    expect(await eventsOf(kit, runId, "candidate_rejected")).toBe(1);
    expect(await expectedOf(runId, 2)).toBe(1);
  });

  it("G13: after the decision it stops being a parent, nothing takes its place, and running children finish", async () => {
    const held = heldGenerator();
    await using kit = await engineKit();
    await kit.worker([echoGenerator(), held], { concurrency: 1 });
    const runId = await kit.newRun([{ maxChildren: 1 }, { generator: held.name }]);
    await kit.untilStep(runId, 2, "GENERATING");
    await kit.until(runId, async () => (await jobsOf(kit, runId, 2)).some(({ status }) => status === "RUNNING"));
    const [parent] = await kit.candidates(runId, 1);
    expect(parent).toMatchObject({ advancement: "ADVANCING" });

    await rejectCandidate(kit.engine, kit.actor, { candidateId: parent!.id });
    const statuses = (await jobsOf(kit, runId, 2)).map(({ status }) => status).sort();
    expect(statuses).toEqual(["CANCELLED", "CANCELLED", "RUNNING"]);
    held.release();
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId, 1)).toMatchObject([{ status: "REJECTED", advancement: "NOT_ADVANCING" }]);
    expect(await kit.candidates(runId, 2)).toMatchObject([{ parentId: parent!.id, status: "ACTIVE" }]);
    expect(
      await kit.db.one(`SELECT expected_candidates AS n FROM pipeline_run_steps WHERE id = $1`, [
        (await kit.step(runId, 2)).id,
      ]),
    ).toEqual({ n: 1 });
  });
});

describe("G12: taking a candidate out takes somebody who may decide the gates that rank it", () => {
  let bob: Actor;
  let cleo: Actor;
  beforeAll(async () => {
    bob = await kit.newActor("bob", "APPROVER");
    cleo = await kit.newActor("cleo", "OPERATOR");
  });

  const takeOut = (actor: Actor, candidateId: number) =>
    rejectCandidate(kit.engine, actor, { candidateId, replace: false });

  it.each([
    ["the run's creator, who is excluded", { excludeCreator: true }],
    ["somebody who is no approver", { approvers: { roles: [], people: ["bob"] } }],
  ])("G12: not %s, neither before the decision nor after it", async (_who, policy) => {
    const scene = await gateScene(kit, policy, { creator: cleo, k: 2 });
    const [first, second, third] = scene.candidates;
    await expect(takeOut(cleo, first!.id)).rejects.toThrow(ForbiddenError);
    await takeOut(bob, third!.id);
    await approveStep(kit.engine, bob, { runStepId: scene.runStepId });
    await expect(takeOut(cleo, first!.id)).rejects.toThrow(ForbiddenError);
    await takeOut(bob, second!.id);
    expect((await bySlot(kit, scene.runId, 1)).map(({ status }) => status)).toEqual(["ACTIVE", "REJECTED", "REJECTED"]);
    expect(await rejectionsOf(scene.runId)).toEqual([
      { actor: "bob", channel: "API", candidate: { id: third!.id, replaced: false, afterDecision: false } },
      { actor: "bob", channel: "API", candidate: { id: second!.id, replaced: false, afterDecision: true } },
    ]);
  });

  it("G12: nor from under an approval step that ranks what an open gate let through", async () => {
    const policy = { approvers: { roles: [], people: ["bob"] } };
    const runId = await kit.newRun([
      { maxChildren: 2, gate: "OPEN" },
      { kind: "APPROVAL", policy },
    ]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const [first] = await bySlot(kit, runId, 1);
    await expect(takeOut(cleo, first!.id)).rejects.toThrow(/It takes bob\./);
    await takeOut(bob, first!.id);
  });

  it("G12: where nobody decides, everybody may who decides gates, as they are now", async () => {
    const runId = await kit.newRun([{ maxChildren: 2, gate: "AUTO" }, {}]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const [first, second] = await bySlot(kit, runId, 1);
    await takeOut(cleo, first!.id);
    const dan = await kit.newActor("dan", "APPROVER");
    await kit.newActor("dan", "VOTER");
    await expect(takeOut(dan, second!.id)).rejects.toThrow(/dan is a voter; this takes an approver/);
  });

  it("F2: rejecting all others does not take the place of votes; a candidate that was alone needs none", async () => {
    const scene = await gateScene(kit, { minVotes: 2 }, { candidates: 2 });
    await takeOut(bob, scene.candidates[0]!.id);
    const unmet = "The one candidate that is left has fewer than 2 votes.";
    expect(await previewApproval(kit.engine, scene.runStepId)).toMatchObject({ unmet: [unmet], needsOverride: true });
    const approve = (overrideReason?: string) =>
      approveStep(kit.engine, bob, { runStepId: scene.runStepId, overrideReason });
    await expect(approve()).rejects.toThrow(PolicyUnmetError);
    expect(await approve("The other one was broken.")).toMatchObject({ opened: true });

    const alone = await gateScene(kit, { minVotes: 2 }, { candidates: 1 });
    expect(await previewApproval(kit.engine, alone.runStepId)).toMatchObject({ unmet: [] });
    expect(await approveStep(kit.engine, bob, { runStepId: alone.runStepId })).toMatchObject({ opened: true });
  });

  it("a replacement is recorded as one", async () => {
    const scene = await gateScene(kit, {});
    await rejectCandidate(kit.engine, bob, { candidateId: scene.candidates[0]!.id });
    expect(await rejectionsOf(scene.runId)).toMatchObject([{ candidate: { replaced: true, afterDecision: false } }]);
  });

  const rejectionsOf = (runId: number) =>
    kit.db.many(
      `SELECT actor_name AS actor, channel, entry::jsonb -> 'candidate' AS candidate FROM audit_entries
       WHERE pipeline_run_id = $1 AND type = 'candidate_rejected' ORDER BY id`,
      [runId],
    );
});

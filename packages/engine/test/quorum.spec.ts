import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../src/actor.ts";
import { approveAllRemaining } from "../src/commands/approve-all-remaining.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { withdrawSignOff } from "../src/commands/withdraw-sign-off.ts";
import { ApprovalFinalError, ForbiddenError, NotFoundError, PolicyUnmetError } from "../src/errors.ts";
import { signOffsOf } from "../src/queries/counted-sign-offs.ts";
import { whyNotDecide } from "../src/queries/inbox.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { anotherEngine, decisionsOf, eventsOfType, type GateScene, gateScene } from "./gate-scenes.ts";

let kit: EngineKit;
let ann: Actor;
let ben: Actor;
let cas: Actor;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
  ann = await kit.newActor("ann", "APPROVER");
  ben = await kit.newActor("ben", "APPROVER");
  cas = await kit.newActor("cas", "APPROVER");
});
afterAll(() => kit[Symbol.asyncDispose]());

const sign = (actor: Actor, { runStepId }: GateScene, input: { topK?: number; comment?: string } = {}) =>
  approveStep(kit.engine, actor, { runStepId, ...input });

/** The sign-offs in force of the step's newest request: who, for which K, and whether it counts. */
async function signOffs({ runStepId }: GateScene): Promise<string[]> {
  const { id } = await kit.db.one<{ id: number }>(
    `SELECT max(id) AS id FROM approvals WHERE pipeline_run_step_id = $1`,
    [runStepId],
  );
  const found = (await signOffsOf(kit.engine, [id])).get(id) ?? [];
  return found.map(({ name, topK, counts }) => `${name} K=${topK}${counts ? " counts" : ""}`);
}

const statusOf = async ({ runId }: GateScene) => (await kit.step(runId, 1)).status;

describe("quorum: several different people approve the same cut", () => {
  it("the gate opens with the last of them, who is recorded with all that was said", async () => {
    const scene = await gateScene(kit, { quorum: 3 });
    expect(await sign(ann, scene, { comment: "More blue." })).toMatchObject({ opened: false });
    expect(await sign(ben, scene)).toMatchObject({ opened: false });
    expect(await statusOf(scene)).toBe("AWAITING_APPROVAL");
    expect(await previewApproval(kit.engine, scene.runStepId)).toMatchObject({ signOffs: 2, requiredSignOffs: 3 });
    expect(await previewApproval(kit.engine, scene.runStepId, 1)).toMatchObject({ signOffs: 0 });
    expect(await sign(cas, scene, { comment: "Yes." })).toMatchObject({ opened: true });
    expect(await statusOf(scene)).toBe("APPROVED");
    expect(await decisionsOf(kit, scene.runStepId)).toMatchObject([{ status: "APPROVED", by: "cas", comment: "Yes." }]);
    expect(await signOffs(scene)).toEqual(["ann K=2 counts", "ben K=2 counts", "cas K=2 counts"]);
    const { comment } = await kit.db.one<{ comment: string }>(`SELECT comment FROM pipeline_run_steps WHERE id = $1`, [
      scene.runStepId,
    ]);
    expect(comment).toBe("ann: More blue.\ncas: Yes.");
    expect(await eventsOfType(kit, scene.runId, "approval_signed_off")).toMatchObject([
      { signOffs: 1, required: 3 },
      { signOffs: 2, required: 3 },
      { signOffs: 3, required: 3 },
    ]);
  });

  it("the same person never counts twice, whichever key they come with", async () => {
    const scene = await gateScene(kit, { quorum: 2 });
    await sign(ann, scene);
    await sign({ ...ann, scopes: ["DECIDE"] }, scene);
    await sign({ ...ann, channel: "LINK" }, scene);
    expect(await statusOf(scene)).toBe("AWAITING_APPROVAL");
    expect(await signOffs(scene)).toEqual(["ann K=2 counts"]);
    // Nor by any other way into the database.
    await expect(
      kit.db.query(
        `INSERT INTO sign_offs (approval_id, actor_id, top_k, ranking_version, advancing, channel)
         SELECT approval_id, actor_id, top_k, ranking_version, advancing, channel FROM sign_offs
         WHERE withdrawn_at IS NULL ORDER BY id DESC LIMIT 1`,
      ),
    ).rejects.toThrow("sign_offs_one_per_person");
  });

  it("F3: a program is no person: it neither signs off nor counts, and decides gates without a quorum as before", async () => {
    const robot = await kit.newActor("robot", "OWNER", "INTEGRATION");
    const scene = await gateScene(kit, { quorum: 2 });
    const refusal = "This gate takes 2 different people, and robot is a program.";
    await expect(sign(robot, scene)).rejects.toThrow(refusal);
    await expect(rejectStep(kit.engine, robot, { runStepId: scene.runStepId, comment: "no" })).rejects.toThrow(refusal);
    const { id: approvalId } = await kit.db.one<{ id: number }>(
      `SELECT id FROM approvals WHERE pipeline_run_step_id = $1`,
      [scene.runStepId],
    );
    expect((await whyNotDecide(kit.engine, robot, [approvalId])).get(approvalId)).toBe(refusal);
    // Nor one that signed off as long as it was taken for a person.
    await kit.db.query(`UPDATE actors SET kind = 'PERSON' WHERE id = $1`, [robot.id]);
    await sign(robot, scene);
    await kit.db.query(`UPDATE actors SET kind = 'INTEGRATION' WHERE id = $1`, [robot.id]);
    expect(await sign(ann, scene)).toMatchObject({ opened: false, signOffs: 1 });
    expect(await sign(ben, scene)).toMatchObject({ opened: true });
    const single = await gateScene(kit, {});
    expect(await sign(robot, single)).toMatchObject({ opened: true });
  });

  it("another K is another cut, and whoever approves is told of it", async () => {
    const scene = await gateScene(kit, { quorum: 2 });
    await sign(ann, scene, { topK: 1 });
    const other = "ann approved with K = 1; this is another cut.";
    expect((await previewApproval(kit.engine, scene.runStepId, 2)).warnings).toContain(other);
    expect((await previewApproval(kit.engine, scene.runStepId, 1)).warnings).not.toContain(other);
    expect(await sign(ben, scene, { topK: 2 })).toMatchObject({
      opened: false,
      signOffs: 1,
      requiredSignOffs: 2,
      message: `1 of 2 different people have approved this cut. ${other}`,
    });
    expect(await statusOf(scene)).toBe("AWAITING_APPROVAL");
    expect(await signOffs(scene)).toEqual(["ann K=1 counts", "ben K=2"]);
    expect(await sign(ann, scene, { topK: 2 })).toMatchObject({
      opened: true,
      signOffs: 2,
      message: "The gate is open.",
    });
    expect(await statusOf(scene)).toBe("APPROVED");
    expect(await kit.step(scene.runId, 1)).toMatchObject({ topKCount: 2 });
  });

  it("votes that change what would advance make earlier sign-offs those of another cut; others do not", async () => {
    const scene = await gateScene(kit, { quorum: 2 }, { k: 1 });
    const [first, second, third] = scene.candidates;
    await sign(ann, scene);
    // The first still leads: the same one would advance.
    await kit.engine.castVote(ann, { leftId: first!.id, rightId: third!.id, outcome: "LEFT" });
    expect(await signOffs(scene)).toEqual(["ann K=1 counts"]);
    await kit.engine.castVote(ben, { leftId: second!.id, rightId: first!.id, outcome: "LEFT" });
    await kit.engine.castVote(cas, { leftId: second!.id, rightId: first!.id, outcome: "LEFT" });
    expect(await signOffs(scene)).toEqual(["ann K=1"]);
    expect(await sign(ben, scene)).toMatchObject({
      opened: false,
      message: expect.stringContaining(
        "ann approved with K = 1 when other candidates were the best; this is another cut.",
      ),
    });
    expect(await signOffs(scene)).toEqual(["ann K=1", "ben K=1 counts"]);
    expect(await sign(ann, scene)).toMatchObject({ opened: true });
    const advancing = (await kit.candidates(scene.runId, 1)).filter(({ advancement }) => advancement === "ADVANCING");
    expect(advancing.map(({ id }) => id)).toEqual([second!.id]);
  });

  it("counts people as they are when the last one signs", async () => {
    const scene = await gateScene(kit, { quorum: 2 });
    const dana = await kit.newActor("dana", "APPROVER");
    await sign(dana, scene);
    await kit.newActor("dana", "VOTER");
    expect(await signOffs(scene)).toEqual(["dana K=2"]);
    expect(await sign(ann, scene)).toMatchObject({ opened: false });
    await kit.newActor("dana", "APPROVER");
    await kit.db.query(`UPDATE actors SET deactivated_at = now() WHERE id = $1`, [dana.id]);
    expect(await sign(ann, scene)).toMatchObject({ opened: false });
    expect(await sign(ben, scene)).toMatchObject({ opened: true });
  });

  it("one rejection is enough, by anybody who may decide", async () => {
    const scene = await gateScene(kit, { quorum: 3 });
    await sign(ann, scene);
    await rejectStep(kit.engine, ben, { runStepId: scene.runStepId, comment: "no" });
    expect(await kit.status(scene.runId)).toBe("REJECTED");
    expect(await signOffs(scene)).toEqual(["ann K=2"]);
    await expect(sign(cas, scene)).rejects.toThrow(ApprovalFinalError);
    await expect(withdrawSignOff(kit.engine, ann, scene)).rejects.toThrow(ApprovalFinalError);
  });

  it("a sign-off can be taken back, by its own person alone", async () => {
    const scene = await gateScene(kit, { quorum: 2 });
    await sign(ann, scene);
    await expect(withdrawSignOff(kit.engine, ben, scene)).rejects.toThrow(NotFoundError);
    await expect(withdrawSignOff(kit.engine, { ...ann, scopes: ["VIEW"] }, scene)).rejects.toThrow(ForbiddenError);
    await withdrawSignOff(kit.engine, ann, scene);
    expect(await signOffs(scene)).toEqual([]);
    expect(await eventsOfType(kit, scene.runId, "approval_sign_off_withdrawn")).toMatchObject([
      { signOffs: 0, required: 2 },
    ]);
    expect(await sign(ben, scene)).toMatchObject({ opened: false });
  });

  it("F15: a request that is made anew begins without sign-offs", async () => {
    const scene = await gateScene(kit, { quorum: 2 });
    await sign(ann, scene);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: scene.candidates[0]!.id });
    await kit.until(scene.runId, async () => {
      const asked = await eventsOfType(kit, scene.runId, "approval_requested");
      return asked.length === 2 && (await statusOf(scene)) === "AWAITING_APPROVAL";
    });
    expect(await signOffs(scene)).toEqual([]);
    expect(await sign(ben, scene)).toMatchObject({ opened: false });
  });

  it("F1, G11: of people who sign at the same moment, in two processes, exactly one opens the gate", async () => {
    await using other = await anotherEngine(kit);
    const engines = [kit.engine, other.engine];
    for (let round = 0; round < 4; round++) {
      const scene = await gateScene(kit, { quorum: 2 });
      const { runStepId } = scene;
      const outcomes = await Promise.allSettled(
        [ann, ben, cas].flatMap((actor) => engines.map((engine) => approveStep(engine, actor, { runStepId }))),
      );
      const opened = outcomes.filter((outcome) => outcome.status === "fulfilled" && outcome.value.opened);
      expect(opened).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(ApprovalFinalError);
      }
      expect(await decisionsOf(kit, runStepId)).toHaveLength(1);
      expect(await eventsOfType(kit, scene.runId, "gate_opened")).toHaveLength(1);
      const counted = (await signOffs(scene)).filter((each) => each.endsWith("counts"));
      expect(counted).toHaveLength(2);
    }
  });

  it("G9: approving all remaining does not stand in for several people, with or without a reason", async () => {
    const { runId } = await gateScene(kit, {}, { after: [{ policy: { quorum: 2 } }] });
    for (const overrideReason of [null, "urgent"]) {
      const refusal = await approveAllRemaining(kit.engine, ann, { runId, overrideReason }).catch(
        (error: unknown) => error,
      );
      expect(refusal).toBeInstanceOf(PolicyUnmetError);
      expect(refusal).toMatchObject({ overridable: false, unmet: ["Step 2 (Step 2) takes 2 different people."] });
    }
    expect((await kit.steps(runId)).map(({ approved }) => approved)).toEqual([false, false]);
  });

  it("each of them gives a reason where votes are missing", async () => {
    const scene = await gateScene(kit, { quorum: 2, minVotes: 1 });
    const { runStepId } = scene;
    await expect(sign(ann, scene)).rejects.toThrow(PolicyUnmetError);
    await approveStep(kit.engine, ann, { runStepId, overrideReason: "I have seen them." });
    await expect(sign(ben, scene)).rejects.toThrow(PolicyUnmetError);
    await approveStep(kit.engine, ben, { runStepId, overrideReason: "So have I." });
    expect(await decisionsOf(kit, runStepId)).toMatchObject([{ by: "ben", overrideReason: "So have I." }]);
  });
});

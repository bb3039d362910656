import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../src/actor.ts";
import { applyAutomaticPolicy } from "../src/commands/apply-automatic-policy.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { undoVote } from "../src/commands/undo-vote.ts";
import { ApprovalFinalError } from "../src/errors.ts";
import { watchAutomaticGates } from "../src/jobs/automatic-gates.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { anotherEngine, decisionsOf, eventsOfType, gateScene, voteAll } from "./gate-scenes.ts";

let kit: EngineKit;
let voters: Actor[];
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
  voters = [];
  for (let i = 0; i < 12; i++) voters.push(await kit.newActor(`voter ${i}`, "VOTER"));
});
afterAll(() => kit[Symbol.asyncDispose]());

const fail = (error: unknown): never => {
  throw error;
};

describe("the automatic policy of a gate", () => {
  it("opens it on its evidence, once, with two watchers, and records what it saw", async () => {
    const automatic = { votes: 6, confidence: 0.9 };
    const scene = await gateScene(kit, { automatic }, { k: 1 });
    await using other = await anotherEngine(kit);
    await using _first = watchAutomaticGates(kit.engine, fail);
    await using _second = watchAutomaticGates(other.engine, fail);
    for (const voter of voters) await voteAll(kit, voter, scene).catch(() => undefined);
    await kit.untilStep(scene.runId, 1, "APPROVED");
    const [decision, ...more] = await decisionsOf(kit, scene.runStepId);
    expect(more).toEqual([]);
    expect(decision).toMatchObject({
      status: "APPROVED",
      by: null,
      channel: "POLICY",
      topK: 1,
      policy: { automatic },
      snapshot: { automatic },
    });
    const { ranked, topKConfidence } = decision!.snapshot!;
    expect(ranked.map(({ id }) => id)).toEqual(expect.arrayContaining(scene.candidates.map(({ id }) => id)));
    for (const { votes } of ranked) expect(votes).toBeGreaterThanOrEqual(6);
    expect(topKConfidence).toBeGreaterThanOrEqual(0.9);
    expect(await eventsOfType(kit, scene.runId, "gate_opened")).toHaveLength(1);
    expect(await eventsOfType(kit, scene.runId, "approval_granted")).toHaveLength(1);
    const advancing = (await kit.candidates(scene.runId, 1)).filter(({ advancement }) => advancement === "ADVANCING");
    expect(advancing.map(({ id }) => id)).toEqual([ranked[0]!.id]);
  });

  it("leaves it closed while one candidate has too few votes, or the cut is not sure enough", async () => {
    const scene = await gateScene(kit, { automatic: { votes: 2, confidence: 0.99 } }, { k: 1 });
    const apply = () => applyAutomaticPolicy(kit.engine, scene.runStepId);
    expect((await apply()).missing).toEqual(["3 of 3 candidates have fewer than 2 votes (the fewest is 0)."]);
    await voteAll(kit, voters[0]!, { ...scene, candidates: scene.candidates.slice(0, 2) });
    await voteAll(kit, voters[1]!, { ...scene, candidates: scene.candidates.slice(0, 2) });
    expect((await apply()).missing).toEqual(["1 of 3 candidates has fewer than 2 votes (the fewest is 0)."]);
    await voteAll(kit, voters[2]!, scene, "TIE");
    const { opened, missing } = await apply();
    expect(opened).toBe(false);
    expect(missing).toEqual([expect.stringMatching(/^The cut is [\d.]+ % sure, and 99 % are needed\.$/)]);
    expect(await kit.step(scene.runId, 1)).toMatchObject({ status: "AWAITING_APPROVAL" });
    expect(await decisionsOf(kit, scene.runStepId)).toEqual([]);
  });

  it("by Elo, looks at every candidate that would advance, and at no other", async () => {
    const scene = await gateScene(kit, { automatic: { votes: 4, elo: 1_050 } }, { k: 1 });
    for (const voter of voters.slice(0, 2)) await voteAll(kit, voter, scene);
    const { ranked } = await previewApproval(kit.engine, scene.runStepId);
    expect(ranked.filter(({ willAdvance }) => willAdvance)).toHaveLength(1);
    expect(await applyAutomaticPolicy(kit.engine, scene.runStepId)).toEqual({ opened: true, missing: [] });
    const [decision] = await decisionsOf(kit, scene.runStepId);
    expect(decision?.snapshot?.ranked[0]?.elo).toBeGreaterThanOrEqual(1_050);
    expect(decision?.snapshot?.ranked.at(-1)?.elo).toBeLessThan(1_050);

    const wider = await gateScene(kit, { automatic: { votes: 4, elo: 1_050 } }, { k: 3 });
    for (const voter of voters.slice(0, 2)) await voteAll(kit, voter, wider);
    expect(await applyAutomaticPolicy(kit.engine, wider.runStepId)).toMatchObject({
      opened: false,
      missing: [expect.stringMatching(/of the candidates that would advance (is|are) rated below 1050\./)],
    });
  });

  it("does not open what a person would have to override", async () => {
    const scene = await gateScene(kit, { minVotes: 6, automatic: { votes: 2, confidence: 0.1 } });
    for (const voter of voters.slice(0, 2)) await voteAll(kit, voter, scene);
    expect(await applyAutomaticPolicy(kit.engine, scene.runStepId)).toMatchObject({ opened: false });
    await voteAll(kit, voters[2]!, scene);
    expect(await applyAutomaticPolicy(kit.engine, scene.runStepId)).toMatchObject({ opened: true });
  });

  it("judges the votes as they are: one that is taken back does not count", async () => {
    const scene = await gateScene(kit, { automatic: { votes: 1, confidence: 0.01 } }, { candidates: 2 });
    const [left, right] = scene.candidates;
    const { voteId } = await kit.engine.castVote(voters[0]!, { leftId: left!.id, rightId: right!.id, outcome: "LEFT" });
    await undoVote(kit.engine, voters[0]!, { voteId });
    expect(await applyAutomaticPolicy(kit.engine, scene.runStepId)).toMatchObject({ opened: false });
  });

  it("L2: time alone opens nothing, nor does a gate without an automatic policy open by any evidence", async () => {
    const waiting = await gateScene(kit, { automatic: { votes: 1, confidence: 0.01 } });
    const plain = await gateScene(kit, { minVotes: 1 });
    await voteAll(kit, voters[0]!, plain);
    await kit.db.query(`UPDATE approvals SET requested_at = now() - interval '400 days' WHERE status = 'PENDING'`);
    for (const { runStepId } of [waiting, plain]) {
      expect(await applyAutomaticPolicy(kit.engine, runStepId)).toMatchObject({ opened: false });
    }
    // The one that is there after a vote, at the latest, has looked at both.
    await using _watch = watchAutomaticGates(kit.engine, fail);
    await voteAll(kit, voters[1]!, waiting);
    await kit.untilStep(waiting.runId, 1, "APPROVED");
    expect(await kit.step(plain.runId, 1)).toMatchObject({ status: "AWAITING_APPROVAL" });
  });

  it("F5: with a single candidate, which nobody can vote on, it leaves the gate to people", async () => {
    const scene = await gateScene(kit, { automatic: { votes: 1, confidence: 0.5 } }, { candidates: 1 });
    expect(await applyAutomaticPolicy(kit.engine, scene.runStepId)).toMatchObject({ opened: false });
    await approveStep(kit.engine, kit.actor, scene);
  });

  it("F8: what was due while no watcher ran is opened by the next one", async () => {
    const scene = await gateScene(kit, { automatic: { votes: 2, confidence: 0.01 } });
    await voteAll(kit, voters[0]!, scene);
    expect(await kit.step(scene.runId, 1)).toMatchObject({ status: "AWAITING_APPROVAL" });
    await using _watch = watchAutomaticGates(kit.engine, fail);
    await kit.untilStep(scene.runId, 1, "APPROVED");
  });

  it("G11: a person may be first, and then it decides nothing", async () => {
    const approved = await gateScene(kit, { automatic: { votes: 2, confidence: 0.01 } });
    await voteAll(kit, voters[0]!, approved);
    await approveStep(kit.engine, kit.actor, { runStepId: approved.runStepId, topK: 1 });
    expect(await applyAutomaticPolicy(kit.engine, approved.runStepId)).toEqual({ opened: false, missing: [] });
    expect(await decisionsOf(kit, approved.runStepId)).toMatchObject([{ by: "ada", topK: 1 }]);
    const rejected = await gateScene(kit, { automatic: { votes: 2, confidence: 0.01 } });
    await voteAll(kit, voters[0]!, rejected);
    await rejectStep(kit.engine, kit.actor, { runStepId: rejected.runStepId });
    expect(await applyAutomaticPolicy(kit.engine, rejected.runStepId)).toEqual({ opened: false, missing: [] });
  });

  it("F1, F9: a person and the policy at the same moment, in two processes, decide once", async () => {
    await using other = await anotherEngine(kit);
    for (let round = 0; round < 4; round++) {
      const scene = await gateScene(kit, { automatic: { votes: 2, confidence: 0.01 } });
      await voteAll(kit, voters[0]!, scene);
      const { runStepId } = scene;
      const [person, ...policy] = await Promise.allSettled([
        approveStep(kit.engine, kit.actor, { runStepId, topK: 1 }),
        applyAutomaticPolicy(kit.engine, runStepId),
        applyAutomaticPolicy(other.engine, runStepId),
      ]);
      if (person.status === "rejected") expect(person.reason).toBeInstanceOf(ApprovalFinalError);
      const byPolicy = policy.filter((outcome) => outcome.status === "fulfilled" && outcome.value.opened).length;
      expect(byPolicy + (person.status === "fulfilled" ? 1 : 0)).toBe(1);
      expect(await decisionsOf(kit, runStepId)).toHaveLength(1);
    }
  });
});

import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TwoServers, twoServers } from "../kit/two-servers.ts";
import { applyTextPipeline, mutate, runOf, settled, type WaitingGate, waitingGate } from "../kit/waiting-gate.ts";

let kit: TwoServers;
beforeAll(async () => {
  kit = await twoServers();
  await applyTextPipeline(kit, kit.servers[0]);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

/** What a caller might say about a decision that is not theirs to say. */
const NOT_ARGUMENTS: readonly Record<string, unknown>[] = [
  { decidedBy: "bob" },
  { decidedById: 1 },
  { actor: "bob" },
  { actorId: 1 },
  { channel: "DASHBOARD" },
  { approved: true },
  { status: "APPROVED" },
  { snapshot: {} },
  { candidateIds: ["1", "2"] },
  { advancing: [1, 2] },
  { policy: {} },
  { quorum: 1 },
];

const undecided = async (gate: WaitingGate): Promise<void> => {
  const { status, events } = await runOf(kit, gate.run);
  expect({ status, granted: events.approval_granted }).toEqual({ status: "WAITING_FOR_APPROVAL", granted: undefined });
};

describe("a decision that its sender makes up", { timeout: 120_000 }, () => {
  it("F3: who decides, by what way and what advances are no arguments of any decision", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    for (const [index, forged] of NOT_ARGUMENTS.entries()) {
      for (const [name, input] of [
        ["approveStep", { stepId: gate.stepId }],
        ["rejectStep", { stepId: gate.stepId }],
        ["approveAllRemaining", { runId: gate.runId }],
      ] as const) {
        const [field] = Object.keys(forged);
        await expect(mutate(kit, kit.either(index), name, { ...input, ...forged })).rejects.toThrow(`\\"${field}\\"`);
      }
    }
    await undecided(gate);
  });

  it("F3: the decision is its sender's, whatever its comment claims and whoever created the run", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    const answer = await mutate(
      kit,
      kit.servers[1],
      "approveStep",
      { stepId: gate.stepId, comment: "decided by bob" },
      "mallory",
    );
    expect(answer.__typename).toBe("ApproveStepSuccess");
    const kept = await kit.db.one(
      `SELECT p.name FROM approvals a JOIN actors p ON p.id = a.decided_by_id JOIN pipeline_run_steps s ON s.id = a.pipeline_run_step_id
       WHERE a.pipeline_run_id = $1 AND s.position = 1`,
      [gate.run],
    );
    expect(kept).toEqual({ name: "mallory" });
    const by = await kit.db.many(
      `SELECT DISTINCT actor_name AS name FROM run_events WHERE pipeline_run_id = $1 AND type = 'approval_granted'`,
      [gate.run],
    );
    expect(by).toEqual([{ name: "mallory" }]);
    await settled(kit, gate.run);
  });

  it("F3: K outside of what can be is refused; K above what there is invents nothing", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    for (const [index, topK] of [0, -1, -2_147_483_648].entries()) {
      const answer = await mutate(kit, kit.either(index), "approveStep", { stepId: gate.stepId, topK });
      expect(answer).toMatchObject({ __typename: "InvalidTopKError", message: "K must be at least 1" });
    }
    for (const topK of [1.5, "2", 2_147_483_648]) {
      await expect(mutate(kit, kit.servers[1], "approveStep", { stepId: gate.stepId, topK })).rejects.toThrow("topK");
    }
    await undecided(gate);
    const answer = await mutate(kit, kit.servers[0], "approveStep", { stepId: gate.stepId, topK: 2_147_483_647 });
    expect(answer.__typename).toBe("ApproveStepSuccess");
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    const { parents } = await kit.db.one<{ parents: number }>(
      `SELECT count(DISTINCT parent_id)::int AS parents FROM jobs WHERE pipeline_run_id = $1 AND parent_id IS NOT NULL`,
      [gate.run],
    );
    expect(parents).toBe(2);
  });

  it("F3: ids of something else, or made up, name no gate", async () => {
    const [gate, other] = [await waitingGate(kit, kit.servers[0], 2), await waitingGate(kit, kit.servers[0], 2)];
    const forged = [
      gate.runId,
      gate.candidates[0]!,
      gate.stepId.toLowerCase(),
      `${gate.stepId}0`,
      "1",
      "",
      "RunStep:1",
    ];
    for (const [index, stepId] of forged.entries()) {
      for (const name of ["approveStep", "rejectStep"]) {
        expect(await mutate(kit, kit.either(index), name, { stepId })).toMatchObject({ __typename: "NotFoundError" });
      }
    }
    expect(await mutate(kit, kit.servers[1], "approveAllRemaining", { runId: gate.stepId })).toMatchObject({
      __typename: "NotFoundError",
    });
    const across = { leftId: gate.candidates[0], rightId: other.candidates[0], outcome: "LEFT" };
    expect((await mutate(kit, kit.servers[1], "castVote", across)).__typename).toBe("InvalidInputError");
    await undecided(gate);
    await undecided(other);
  });
});

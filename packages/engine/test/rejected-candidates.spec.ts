import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
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

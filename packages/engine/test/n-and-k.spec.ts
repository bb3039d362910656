import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { advancingPlaces, jobsOf, rateBySlot, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

const childrenPerParent = async (runId: number, position: number) => {
  const counts = new Map<number | null, number>();
  for (const { parentId } of await kit.candidates(runId, position))
    counts.set(parentId, (counts.get(parentId) ?? 0) + 1);
  return [...counts.values()];
};

describe("Requirement: Configuration for N and K", () => {
  it("Scenario: Global defaults", async () => {
    const runId = await kit.newRun([{}, {}]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId, 1)).toHaveLength(3);
    expect(await childrenPerParent(runId, 2)).toEqual([3, 3, 3]);
    expect((await kit.steps(runId)).map(({ topKCount }) => topKCount)).toEqual([3, 3]);
  });

  it("Scenario: Custom N per run", async () => {
    const runId = await kit.newRun([{}, {}], { maxChildrenPerNode: 5, defaultTopK: 2 });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId, 1)).toHaveLength(5);
    expect(await childrenPerParent(runId, 2)).toEqual([5, 5]);
  });

  it("Scenario: Custom K per approval", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 4 });
    await rateBySlot(kit, runId, 2, [1_000, 1_010, 1_020, 1_030]);
    await kit.approve(runId, 2, 2);
    expect(await advancingPlaces(kit, runId, 2)).toEqual([2, 3]);
    expect(await kit.step(runId, 2)).toMatchObject({ topKCount: 2 });
    // The steps after it keep the run's own K.
    expect(await kit.step(runId, 3)).toMatchObject({ topKCount: 3 });
  });

  it("Scenario: N and K are independent", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 2, children: 5 });
    const elos = Array.from({ length: 10 }, (_, place) => 1_000 + ((place * 7) % 10));
    await rateBySlot(kit, runId, 2, elos);
    await kit.approve(runId, 2, 2);
    const advancing = await advancingPlaces(kit, runId, 2);
    expect(advancing.map((place) => elos[place]).sort()).toEqual([1_008, 1_009]);
    const rows = await kit.candidates(runId, 2);
    expect(rows.filter(({ advancement }) => advancement === "NOT_ADVANCING")).toHaveLength(8);
    expect(new Set((await jobsOf(kit, runId, 3)).map(({ parentId }) => parentId)).size).toBe(2);
  });
});

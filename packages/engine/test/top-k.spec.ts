import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InvalidTopKError } from "../src/errors.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { advancingPlaces, bySlot, rateBySlot, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** What may become of the candidates of step 2: those that had children made. */
async function parentsOfStep3(runId: number): Promise<number[]> {
  await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
  const children = await kit.candidates(runId, 3);
  return [...new Set(children.map(({ parentId }) => parentId ?? 0))].sort((a, b) => a - b);
}

describe("Requirement: Top-K ELO Filtering on Approval", () => {
  it("Scenario: Global top-K filtering", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 2, children: 3 });
    const [a1, a2, , b1] = await rateBySlot(kit, runId, 2, [1_200, 1_100, 1_000, 1_150, 1_050, 950]);
    const preview = await previewApproval(kit.engine, (await kit.step(runId, 2)).id, 3);
    await kit.approve(runId, 2, 3);
    expect(await advancingPlaces(kit, runId, 2)).toEqual([0, 1, 3]);
    // G3: the preview and the approval use one order.
    expect(preview.ranked.filter(({ willAdvance }) => willAdvance).map(({ id }) => id)).toEqual([
      a1?.id,
      b1?.id,
      a2?.id,
    ]);
    expect(await parentsOfStep3(runId)).toEqual([a1!.id, a2!.id, b1!.id].sort((a, b) => a - b));
  });

  it("Scenario: K greater than candidate count", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await kit.approve(runId, 2, 3);
    expect(await advancingPlaces(kit, runId, 2)).toEqual([0, 1]);
    // G4: the K that was asked for is kept.
    expect(await kit.step(runId, 2)).toMatchObject({ topKCount: 3 });
  });

  it("Scenario: K equals zero", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const before = await kit.db.one(`SELECT event_seq FROM pipeline_runs WHERE id = $1`, [runId]);
    for (const k of [0, -1, 1.5]) {
      await expect(kit.approve(runId, 2, k)).rejects.toThrow(new InvalidTopKError("K must be at least 1"));
    }
    expect(await kit.step(runId, 2)).toMatchObject({ status: "AWAITING_APPROVAL", approved: false, topKCount: 3 });
    expect(await kit.db.one(`SELECT event_seq FROM pipeline_runs WHERE id = $1`, [runId])).toEqual(before);
  });

  it("Scenario: Tied ELO scores", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 5 });
    await rateBySlot(kit, runId, 2, [1_200, 1_200, 1_150, 1_100, 1_000]);
    await kit.approve(runId, 2, 3);
    expect(await advancingPlaces(kit, runId, 2)).toEqual([0, 1, 2]);
  });
});

describe("13.3 tied ELO scores in top-K selection", () => {
  it("G3: equal Elo at the cut line → more votes first", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 3 });
    const rows = await rateBySlot(kit, runId, 2, [1_000, 1_000, 1_000]);
    const last = rows.reduce((a, b) => (a.id > b.id ? a : b));
    await kit.db.query(`UPDATE candidates SET vote_count = 4 WHERE id = $1`, [last.id]);
    await kit.approve(runId, 2, 1);
    const advancing = (await kit.candidates(runId, 2)).filter(({ advancement }) => advancement === "ADVANCING");
    expect(advancing.map(({ id }) => id)).toEqual([last.id]);
  });

  it("G3: equal Elo and votes → older first", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 3 });
    const rows = await rateBySlot(kit, runId, 2, [1_000, 1_000, 1_000]);
    const oldest = rows[2]!;
    await kit.db.query(`UPDATE candidates SET created_at = created_at - interval '1 hour' WHERE id = $1`, [oldest.id]);
    await kit.approve(runId, 2, 1);
    expect(await advancingPlaces(kit, runId, 2)).toEqual([2]);
  });

  it("G3: ratings that change after the decision change nothing that advances", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 3 });
    await rateBySlot(kit, runId, 2, [1_100, 1_000, 900]);
    await kit.approve(runId, 2, 1);
    await rateBySlot(kit, runId, 2, [900, 1_000, 1_100]);
    const [best] = await bySlot(kit, runId, 2);
    expect(await parentsOfStep3(runId)).toEqual([best?.id]);
    expect(await advancingPlaces(kit, runId, 2)).toEqual([0]);
  });
});

describe("13.4 N=5, K=2 configuration", () => {
  it("makes five children of each parent and lets two of all of them through", async () => {
    const runId = await kit.newRun([{}, {}, {}], { maxChildrenPerNode: 5, defaultTopK: 2 });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId, 1)).toHaveLength(5);
    expect(await kit.candidates(runId, 2)).toHaveLength(10);
    await kit.approve(runId, 2);
    expect(await kit.step(runId, 2)).toMatchObject({ topKCount: 2 });
    expect(await parentsOfStep3(runId)).toHaveLength(2);
    expect(await kit.candidates(runId, 3)).toHaveLength(10);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRankable } from "../src/advance/gates.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { StaleRankingError, StillGeneratingError } from "../src/errors.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import { type EngineKit, echoGenerator, engineKit, type StepSpec } from "../src/testing/engine-kit.ts";

let kit: EngineKit;
/** The next candidates of the generator wait for this. */
let held = Promise.resolve();

beforeAll(async () => {
  kit = await engineKit();
  const echo = echoGenerator();
  await kit.worker([
    { ...echo, generate: async (request, context) => held.then(() => echo.generate(request, context)) },
  ]);
});
afterAll(() => kit[Symbol.asyncDispose]());

const OPEN_THEN_APPROVAL: StepSpec[] = [
  { gate: "OPEN", maxChildren: 4 },
  { kind: "APPROVAL", topK: 2 },
  { maxChildren: 1 },
];

describe("an APPROVAL step behind a step without a gate", () => {
  it("G3, G5: a replacement in the open step takes the request back, and nothing joins what was frozen", async () => {
    const runId = await kit.newRun(OPEN_THEN_APPROVAL);
    const approval = await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const hold = Promise.withResolvers<void>();
    held = hold.promise;
    const [first] = await kit.candidates(runId, 1);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: first!.id });

    expect((await kit.step(runId, 1)).status).toBe("GENERATING");
    expect((await kit.step(runId, 2)).status).toBe("GENERATING");
    await expect(approveStep(kit.engine, kit.actor, { runStepId: approval.id, topK: 2 })).rejects.toThrow(
      StillGeneratingError,
    );
    const { blockers } = await previewApproval(kit.engine, approval.id);
    expect(blockers.join()).toContain("still generating");

    hold.resolve();
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await approveStep(kit.engine, kit.actor, { runStepId: approval.id, topK: 2 });
    const advancing = (await kit.candidates(runId, 1)).filter(({ advancement }) => advancement === "ADVANCING");
    expect(advancing).toHaveLength(2);
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId, 3)).toHaveLength(2);
  });

  it("G7: the ranking that an approver saw is that of the open step", async () => {
    const runId = await kit.newRun(OPEN_THEN_APPROVAL);
    const approval = await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const { rankingVersion } = await previewApproval(kit.engine, approval.id);
    const [left, right] = await kit.candidates(runId, 1);
    await kit.engine.castVote(kit.actor, { leftId: left!.id, rightId: right!.id, outcome: "LEFT" });
    await expect(approveStep(kit.engine, kit.actor, { runStepId: approval.id, rankingVersion })).rejects.toThrow(
      StaleRankingError,
    );
    const fresh = await previewApproval(kit.engine, approval.id);
    expect(fresh.rankingVersion).toBeGreaterThan(rankingVersion);
    await approveStep(kit.engine, kit.actor, { runStepId: approval.id, rankingVersion: fresh.rankingVersion });
  });
});

it("V6: the preview of a decided step shows the decision, whatever K is asked for", async () => {
  const runId = await kit.newRun([{ maxChildren: 5 }, {}], { reviewFirstStep: true });
  const step = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  await approveStep(kit.engine, kit.actor, { runStepId: step.id, topK: 2 });
  const preview = await previewApproval(kit.engine, step.id, 4);
  expect(preview).toMatchObject({ topK: 2, advancingCount: 2, jobsToCreate: 0, warnings: [] });
  expect(preview.ranked.map(({ willAdvance }) => willAdvance)).toEqual([true, true, false, false, false]);
});

it("a gate ranks each candidate alone as it does all together", async () => {
  const runId = await kit.newRun([{ maxChildren: 3 }, { kind: "APPROVAL", topK: 1 }, {}], { reviewFirstStep: true });
  const shownBehind = async (position: number) => {
    const { id: runStepId } = await kit.step(runId, position);
    const shown: boolean[] = [];
    for (const { id } of await kit.candidates(runId)) {
      shown.push(await isRankable(kit.db, { runStepId, candidateId: id }));
    }
    const { ranked } = await previewApproval(kit.engine, runStepId);
    expect(shown.filter(Boolean)).toHaveLength(ranked.length);
    return shown;
  };
  await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  const [first] = await kit.candidates(runId, 1);
  await rejectCandidate(kit.engine, kit.actor, { candidateId: first!.id, replace: false });
  expect(await shownBehind(1)).toEqual([false, true, true]);
  await kit.approve(runId, 1, 1);
  await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
  expect(await shownBehind(1)).toEqual([false, true, true]);
  expect(await shownBehind(2)).toEqual([false, true, false]);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import {
  type ApiRun,
  applyPipeline,
  approve,
  createRun,
  mutate,
  previewOf,
  stepOf,
  stepsOf,
  until,
  untilStep,
} from "./kit/spec-runs.ts";

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit({ worker: true });
  await applyPipeline(kit, "flow", [
    "{ name: Draft, type: generate, generator: grammar }",
    "{ name: Refine, type: generate, generator: grammar }",
    "{ name: Finish, type: generate, generator: grammar }",
  ]);
  await applyPipeline(kit, "wide", [
    "{ name: Draft, type: generate, generator: grammar }",
    "{ name: Refine, type: generate, generator: grammar }",
  ]);
});
afterAll(() => kit[Symbol.asyncDispose]());

const outcomeOf = async (run: ApiRun) =>
  (
    await kit.graphql<{ run: { status: string; approvedSteps: number; winners: { id: string }[] } }>(
      `query ($id: ID!) { run(id: $id) { status approvedSteps winners { id } } }`,
      { id: run.id },
    )
  ).run;

/** Votes every pair of a step that a person is offered, for the candidate that was made last. */
async function voteAll(run: ApiRun, position: number): Promise<number> {
  const { id } = await stepOf(kit, run, position);
  for (let votes = 0; ; votes += 1) {
    const { node } = await kit.graphql<{
      node: { nextPair: Record<"left" | "right", { id: string; createdAt: string }> | null };
    }>(
      `query ($id: ID!) { node(id: $id) { ... on RunStep {
         nextPair { left { id createdAt } right { id createdAt } } } } }`,
      { id },
    );
    if (!node.nextPair) return votes;
    const { left, right } = node.nextPair;
    const outcome = left.createdAt > right.createdAt ? "LEFT" : "RIGHT";
    const answer = await mutate(kit, "castVote", { leftId: left.id, rightId: right.id, outcome });
    expect(answer).toEqual({ __typename: "CastVoteSuccess" });
  }
}

describe("13. Tests - Integration", () => {
  it("13.1 Full flow: Create run → Vote → Approve Step 1 → Generate Step 2 → Approve Step 2 → etc.", async () => {
    const run = await createRun(kit, "flow", { reviewFirstStep: true, defaultTopK: 1 });
    let best = "";
    for (const position of [1, 2, 3]) {
      await untilStep(kit, run, position, "AWAITING_APPROVAL");
      expect((await stepOf(kit, run, position)).candidateCount).toBe(3);
      expect(await voteAll(run, position)).toBe(3);
      const preview = await previewOf(kit, run, position);
      best = preview.ranked[0]?.candidate.id ?? "";
      expect(preview.ranked[0]?.candidate.elo).toBeGreaterThan(1_000);
      const answer = await approve(kit, run, position, { rankingVersion: preview.rankingVersion });
      expect(answer).toEqual({ __typename: "ApproveStepSuccess" });
    }
    expect(await outcomeOf(run)).toEqual({ status: "COMPLETED", approvedSteps: 3, winners: [{ id: best }] });
  });

  it("13.2 multi-run isolation (Run A approval doesn't affect Run B)", async () => {
    const [runA, runB] = [await createRun(kit, "flow"), await createRun(kit, "flow")];
    for (const run of [runA, runB]) await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    const before = await stepsOf(kit, runB);
    await approve(kit, runA, 2, { topK: 1 });
    await untilStep(kit, runA, 3, "AWAITING_APPROVAL");
    expect(await stepsOf(kit, runB)).toEqual(before);
    expect(await outcomeOf(runB)).toMatchObject({ status: "WAITING_FOR_APPROVAL" });
  });

  it("13.4 N=5, K=2 configuration", async () => {
    const run = await createRun(kit, "wide", { maxChildrenPerNode: 5, defaultTopK: 2 });
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    expect((await stepsOf(kit, run)).map((step) => [step.candidateCount, step.advancingCount])).toEqual([
      [5, 2],
      [10, 0],
    ]);
    await approve(kit, run, 2);
    expect((await outcomeOf(run)).winners).toHaveLength(2);
  });

  it("G9: approve all remaining takes a run to its end, each gate decided by that person", async () => {
    const run = await createRun(kit, "flow", { maxChildrenPerNode: 2 });
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    expect(await mutate(kit, "approveAllRemaining", { runId: run.id, topK: 1 }, "ben")).toEqual({
      __typename: "ApproveAllRemainingSuccess",
    });
    await until(kit, run, async () => (await outcomeOf(run)).status === "COMPLETED");
    const steps = await stepsOf(kit, run);
    expect(steps.map(({ approvedBy }) => approvedBy?.name ?? null)).toEqual([null, "ben", "ben"]);
    expect(steps.map(({ topKCount }) => topKCount)).toEqual([3, 1, 1]);
  });

  it("G8: rejecting a step ends the run with the comment, and later decisions are refused", async () => {
    const run = await createRun(kit, "flow");
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    const { id: stepId } = await stepOf(kit, run, 2);
    expect((await mutate(kit, "rejectStep", { stepId, comment: "Not this." })).__typename).toBe("RejectStepSuccess");
    expect((await approve(kit, run, 2)).__typename).toBe("ApprovalFinalError");
    expect((await approve(kit, run, 3)).__typename).toBe("RunNotActiveError");
    const { run: ended } = await kit.graphql<{ run: object }>(
      `query ($id: ID!) { run(id: $id) { status statusReason nextWork { mode } } }`,
      { id: run.id },
    );
    expect(ended).toEqual({ status: "REJECTED", statusReason: "Not this.", nextWork: { mode: "NO_WORK" } });
  });
});

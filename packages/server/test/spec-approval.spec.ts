import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countedGenerator } from "./kit/counted-generator.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import {
  type ApiRun,
  applyPipeline,
  approve,
  createRun,
  mutate,
  previewOf,
  rate,
  stepOf,
  stepsOf,
  until,
  untilStep,
} from "./kit/spec-runs.ts";

let kit: ServerKit;
const counted = countedGenerator("counted");
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [counted] });
  await applyPipeline(kit, "five", [
    "{ name: Draft, type: generate, generator: grammar, n: 1 }",
    "{ name: Refine, type: generate, generator: grammar, n: 5 }",
    "{ name: Finish, type: generate, generator: grammar }",
  ]);
  await applyPipeline(kit, "held", ["{ name: Draft, type: generate, generator: counted, n: 2, gate: manual }"]);
});
afterAll(() => kit[Symbol.asyncDispose]());

/** A run whose step 2 has five candidates and waits for approval. */
async function waitingRun(): Promise<ApiRun> {
  const run = await createRun(kit, "five");
  await untilStep(kit, run, 2, "AWAITING_APPROVAL");
  return run;
}

const lowVotes = "Low vote counts. Rankings may not be reliable. Recommend voting more before approval.";

describe("Requirement: Approval UI with Top-K Preview", () => {
  it("Scenario: Show approval preview", async () => {
    const run = await waitingRun();
    await rate(kit, run, 2, [1_000, 1_200, 900, 1_100, 950]);
    const preview = await previewOf(kit, run, 2);
    expect(preview.topK).toBe(3);
    expect(preview.ranked.map(({ rank, willAdvance, candidate }) => [rank, willAdvance, candidate.elo])).toEqual([
      [1, true, 1_200],
      [2, true, 1_100],
      [3, true, 1_000],
      [4, false, 950],
      [5, false, 900],
    ]);
  });

  it("Scenario: Configurable K in preview", async () => {
    const run = await waitingRun();
    const advancing = async (topK: number) =>
      (await previewOf(kit, run, 2, topK)).ranked.filter(({ willAdvance }) => willAdvance).length;
    expect(await advancing(3)).toBe(3);
    expect(await advancing(5)).toBe(5);
    expect(await previewOf(kit, run, 2, 5)).toMatchObject({ canApprove: true, blockers: [], jobsToCreate: 15 });
    expect(await previewOf(kit, run, 2, 0)).toMatchObject({ canApprove: false, blockers: ["K must be at least 1"] });
    // Looking at another K decides nothing.
    expect(await stepOf(kit, run, 2)).toMatchObject({ status: "AWAITING_APPROVAL", topKCount: 3 });
  });

  it("Scenario: Warning for low vote counts", async () => {
    const run = await waitingRun();
    const { warnings, canApprove } = await previewOf(kit, run, 2);
    expect(warnings).toContain(lowVotes);
    expect(canApprove).toBe(true);
    expect(await approve(kit, run, 2)).toEqual({ __typename: "ApproveStepSuccess" });
  });

  it("V6: the warning goes once every candidate has five votes", async () => {
    const run = await waitingRun();
    const { ranked } = await previewOf(kit, run, 2);
    const ids = ranked.map(({ candidate }) => candidate.id);
    // Two people who judge every pair give each of the five candidates eight votes.
    for (const voter of ["ben", "cleo"]) {
      for (const [index, leftId] of ids.entries()) {
        for (const rightId of ids.slice(index + 1)) {
          const vote = { leftId, rightId, outcome: "LEFT" };
          expect(await mutate(kit, "castVote", vote, voter)).toEqual({ __typename: "CastVoteSuccess" });
        }
      }
    }
    const preview = await previewOf(kit, run, 2);
    expect(preview.warnings).not.toContain(lowVotes);
    expect(preview.ranked.map(({ candidate }) => candidate.voteCount)).toEqual([8, 8, 8, 8, 8]);
    expect(preview.ranked.map(({ candidate }) => candidate.id)).toEqual(ids);
  });

  it("Scenario: Approve action is final", async () => {
    const run = await waitingRun();
    await rate(kit, run, 2, [1_000, 1_200, 900, 1_100, 950]);
    const { ranked } = await previewOf(kit, run, 2);
    expect(await approve(kit, run, 2, { topK: 3, comment: "These." })).toEqual({ __typename: "ApproveStepSuccess" });
    const step = await stepOf(kit, run, 2);
    expect(step).toMatchObject({ approved: true, topKCount: 3, approvedBy: { name: "ada" }, comment: "These." });
    const { node } = await kit.graphql<{ node: { candidates: { edges: { node: { id: string } }[] } } }>(
      `query ($id: ID!) { node(id: $id) { ... on RunStep { candidates(advancingOnly: true) { edges { node { id } } } } } }`,
      { id: step.id },
    );
    const seen = ranked.filter(({ willAdvance }) => willAdvance).map(({ candidate }) => candidate.id);
    expect(node.candidates.edges.map((edge) => edge.node.id).sort()).toEqual(seen.sort());
    for (const mutation of ["approveStep", "rejectStep"]) {
      expect(await mutate(kit, mutation, { stepId: step.id })).toEqual({
        __typename: "ApprovalFinalError",
        message: "Approvals cannot be reverted. Create new run for different configuration.",
      });
    }
  });
});

describe("12. Tests - Controller", () => {
  it("12.1 `PipelineRunStepsController#show` returns candidate preview", async () => {
    const run = await waitingRun();
    const preview = await previewOf(kit, run, 2, 2);
    expect(preview).toMatchObject({ topK: 2, advancingCount: 2, jobsToCreate: 6, canApprove: true });
    expect(preview.ranked).toHaveLength(5);
    expect(preview.rankingVersion).toBeGreaterThan(0);
  });

  it("12.2 `approve` action updates approval state", async () => {
    const run = await waitingRun();
    expect(await stepOf(kit, run, 2)).toMatchObject({ approved: false, pendingApproval: { status: "PENDING" } });
    await approve(kit, run, 2);
    const step = await stepOf(kit, run, 2);
    expect(step).toMatchObject({ status: "APPROVED", approved: true, pendingApproval: null });
    expect(Date.parse(step.approvedAt ?? "")).not.toBeNaN();
  });

  it("12.3 cannot approve if in-flight jobs exist", async () => {
    const run = await createRun(kit, "held");
    await until(kit, run, async () => (await stepOf(kit, run, 1)).inFlightJobs === 2);
    const message = "Step 1 is still generating: 2 jobs are queued or running. Approve it when they are done.";
    expect(await previewOf(kit, run, 1)).toMatchObject({ canApprove: false, blockers: [message] });
    expect(await approve(kit, run, 1)).toEqual({ __typename: "StillGeneratingError", message });
    counted.allow(2);
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    expect(await approve(kit, run, 1)).toEqual({ __typename: "ApproveStepSuccess" });
  });

  it("5.4 cannot approve if previous step unapproved", async () => {
    const run = await waitingRun();
    expect(await approve(kit, run, 3)).toEqual({
      __typename: "PreviousStepUnapprovedError",
      message: "Step 2 is not approved yet. Approve it first.",
    });
    expect((await previewOf(kit, run, 3)).canApprove).toBe(false);
  });

  it("12.4 cannot approve twice", async () => {
    const run = await waitingRun();
    await approve(kit, run, 2, { topK: 1 });
    expect((await approve(kit, run, 2, { topK: 3 })).__typename).toBe("ApprovalFinalError");
    expect(await stepOf(kit, run, 2)).toMatchObject({ topKCount: 1, advancingCount: 1 });
    // The last word is the database's: one decision is recorded.
    const { approvals } = await kit.db.one<{ approvals: number }>(
      `SELECT count(*)::int AS approvals FROM approvals WHERE pipeline_run_id = $1 AND status = 'APPROVED'`,
      [run.number],
    );
    expect(approvals).toBe(1);
  });

  it("12.5 approval with custom K value", async () => {
    const run = await waitingRun();
    await approve(kit, run, 2, { topK: 2 });
    expect(await stepOf(kit, run, 2)).toMatchObject({ topKCount: 2, advancingCount: 2 });
    await untilStep(kit, run, 3, "AWAITING_APPROVAL");
    expect(await stepOf(kit, run, 3)).toMatchObject({ candidateCount: 6, topKCount: 3 });
  });

  it("G4: K below 1 is refused and nothing changes", async () => {
    const run = await waitingRun();
    const before = await stepsOf(kit, run);
    expect(await approve(kit, run, 2, { topK: 0 })).toEqual({
      __typename: "InvalidTopKError",
      message: "K must be at least 1",
    });
    expect(await stepsOf(kit, run)).toEqual(before);
  });

  it("G7: approving a ranking that is no longer current is refused; the current one goes through", async () => {
    const run = await waitingRun();
    const { rankingVersion, ranked } = await previewOf(kit, run, 2);
    const [left, right] = ranked.map(({ candidate }) => candidate.id);
    await mutate(kit, "castVote", { leftId: right, rightId: left, outcome: "LEFT" });
    const stale = await approve(kit, run, 2, { rankingVersion });
    expect(stale.__typename).toBe("StaleRankingError");
    expect(await stepOf(kit, run, 2)).toMatchObject({ status: "AWAITING_APPROVAL" });
    const now = await previewOf(kit, run, 2);
    expect(now.ranked[0]?.candidate.id).toBe(right);
    expect(await approve(kit, run, 2, { rankingVersion: now.rankingVersion })).toEqual({
      __typename: "ApproveStepSuccess",
    });
  });
});

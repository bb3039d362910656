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

interface Shown {
  readonly round: number;
  readonly rankingVersion: number;
  readonly comment: string | null;
  readonly candidates: {
    readonly edges: readonly {
      readonly node: { readonly id: string; readonly voteCount: number; readonly elo: number };
    }[];
  };
  readonly approvalPreview: { readonly ranked: readonly { readonly candidate: { readonly id: string } }[] };
  readonly pendingApproval: { readonly round: number; readonly signOffs: readonly unknown[] } | null;
}

async function shown(index: number, { stepId }: WaitingGate): Promise<Shown> {
  const { node } = await kit.graphql<{ node: Shown }>(
    kit.either(index),
    `query ($id: ID!) { node(id: $id) { ... on RunStep {
       round rankingVersion comment candidates(first: 20) { edges { node { id voteCount elo } } }
       approvalPreview { ranked { candidate { id } } } pendingApproval { round signOffs { counts } } } } }`,
    { id: stepId },
  );
  return node;
}

const sendBack = ({ stepId }: WaitingGate, index: number, more: object = {}) =>
  mutate(kit, kit.either(index), "sendBackStep", { stepId, toStepId: stepId, comment: "Shorter.", ...more });

async function votedGate(): Promise<WaitingGate> {
  const gate = await waitingGate(kit, kit.servers[0], 3);
  for (const rightId of gate.candidates.slice(1)) {
    const vote = await mutate(kit, kit.servers[0], "castVote", {
      leftId: gate.candidates[0],
      rightId,
      outcome: "LEFT",
    });
    expect(vote.__typename).toBe("CastVoteSuccess");
  }
  return gate;
}

describe("a step that was sent back", { timeout: 120_000 }, () => {
  it("F15: has a new round with candidates of its own; nothing of the old one counts or is shown as current", async () => {
    const gate = await votedGate();
    const before = await shown(1, gate);
    expect((await sendBack(gate, 0)).__typename).toBe("SendBackStepSuccess");
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    for (const index of [0, 1]) {
      const now = await shown(index, gate);
      expect({ round: now.round, comment: now.comment, asked: now.pendingApproval }).toEqual({
        round: 2,
        comment: null,
        asked: { round: 2, signOffs: [] },
      });
      expect(now.rankingVersion).toBeGreaterThan(before.rankingVersion);
      const ids = now.candidates.edges.map(({ node }) => node.id);
      expect(ids).toHaveLength(3);
      expect(ids.filter((id) => gate.candidates.includes(id))).toEqual([]);
      expect(now.candidates.edges.map(({ node: { voteCount, elo } }) => ({ voteCount, elo }))).toEqual(
        Array.from({ length: 3 }, () => ({ voteCount: 0, elo: 1000 })),
      );
      expect(now.approvalPreview.ranked.map(({ candidate }) => candidate.id).sort()).toEqual([...ids].sort());
    }
    const [leftId, rightId] = gate.candidates;
    expect(
      (await mutate(kit, kit.servers[1], "castVote", { leftId, rightId, outcome: "LEFT" }, "bob")).__typename,
    ).toBe("StepClosedError");
    // What is approved now are children of the new candidates alone.
    expect((await mutate(kit, kit.servers[1], "approveStep", { stepId: gate.stepId, topK: 3 })).__typename).toBe(
      "ApproveStepSuccess",
    );
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    const parents = await kit.db.many<{ round: number }>(
      `SELECT DISTINCT p.round FROM candidates c JOIN candidates p ON p.id = c.parent_id WHERE c.pipeline_run_id = $1`,
      [gate.run],
    );
    expect(parents).toEqual([{ round: 2 }]);
  });

  it("F6, F15: an answer to the round before is refused: by its ranking, its round, its request", async () => {
    const gate = await votedGate();
    const before = await shown(1, gate);
    const { node } = await kit.graphql<{ node: { pendingApproval: { id: string } } }>(
      kit.servers[1],
      `query ($id: ID!) { node(id: $id) { ... on RunStep { pendingApproval { id } } } }`,
      { id: gate.stepId },
    );
    expect((await sendBack(gate, 1)).__typename).toBe("SendBackStepSuccess");
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    const { stepId } = gate;
    const { rankingVersion } = before;
    expect((await mutate(kit, kit.servers[0], "approveStep", { stepId, rankingVersion })).__typename).toBe(
      "StaleRankingError",
    );
    expect((await sendBack(gate, 0, { round: 1 })).__typename).toBe("StaleRoundError");
    const { decideApprovals } = await kit.graphql<{
      decideApprovals: { results: { error: { __typename: string } }[] };
    }>(
      kit.servers[0],
      `mutation ($approvalId: ID!) { decideApprovals(input: { decisions: [{ approvalId: $approvalId, decision: APPROVE }] }) {
         ... on DecideApprovalsSuccess { results { error { __typename } } } } }`,
      { approvalId: node.pendingApproval.id },
    );
    expect(decideApprovals.results).toEqual([{ error: { __typename: "ApprovalFinalError" } }]);
    expect(await runOf(kit, gate.run)).toMatchObject({ status: "WAITING_FOR_APPROVAL" });
    expect((await shown(1, gate)).round).toBe(2);
  });

  it("F1: sent back, approved and rejected at once, on two servers: one of them holds", async () => {
    for (let round = 0; round < 4; round++) {
      const gate = await waitingGate(kit, kit.servers[0], 2);
      const { stepId } = gate;
      const answers = await Promise.all([
        sendBack(gate, round, { round: 1 }),
        mutate(kit, kit.either(round + 1), "approveStep", { stepId, rankingVersion: gate.rankingVersion }),
        mutate(kit, kit.either(round), "sendBackStep", { stepId, toStepId: stepId, comment: "Longer.", round: 1 }),
      ]);
      expect(answers.filter(({ __typename }) => __typename.endsWith("Success"))).toHaveLength(1);
      expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
      const { approval_granted = 0, step_sent_back = 0 } = (await runOf(kit, gate.run)).events;
      expect(approval_granted + step_sent_back).toBe(1);
    }
  });
});

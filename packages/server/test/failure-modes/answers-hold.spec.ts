import { checkStalls } from "@sluice/engine";
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

interface Seen {
  readonly status: string;
  readonly steps: readonly {
    readonly status: string;
    readonly comment: string | null;
    readonly approvedBy: object | null;
  }[];
}

const SEEN = `status steps { status comment approvedBy { name } }`;

async function seen(index: number, runId: string): Promise<Seen> {
  return (
    await kit.graphql<{ run: Seen }>(kit.either(index), `query ($id: ID!) { run(id: $id) { ${SEEN} } }`, { id: runId })
  ).run;
}

interface Listed {
  readonly status: string;
  readonly decidedBy: { readonly name: string } | null;
  readonly comment: string | null;
}

/** The approvals of a gate, the newest last. */
async function approvalsOf(gate: WaitingGate): Promise<Listed[]> {
  const { approvals } = await kit.graphql<{ approvals: { edges: { node: Listed & { step: { id: string } } }[] } }>(
    kit.servers[1],
    `{ approvals(includeAll: true, first: 100) { edges { node { status decidedBy { name } comment step { id } } } } }`,
  );
  return approvals.edges
    .filter(({ node }) => node.step.id === gate.stepId)
    .map(({ node: { step: _, ...rest } }) => rest);
}

async function inbox(gate: WaitingGate): Promise<{ total: number; listed: number; ours: number }> {
  const { approvals } = await kit.graphql<{
    approvals: { totalCount: number; edges: { node: { run: { id: string } } }[] };
  }>(kit.servers[1], `{ approvals(first: 100) { totalCount edges { node { run { id } } } } }`);
  const ours = approvals.edges.filter(({ node }) => node.run.id === gate.runId).length;
  return { total: approvals.totalCount, listed: approvals.edges.length, ours };
}

async function state(gate: WaitingGate): Promise<unknown> {
  const { run } = await kit.graphql<{ run: unknown }>(
    kit.servers[1],
    `query ($id: ID!) { run(id: $id) { statusReason alerts { kind } } }`,
    { id: gate.runId },
  );
  return run;
}

describe("what a decision answers", { timeout: 120_000 }, () => {
  it("F12: the state after the commit, which both servers show at once, and jobs that begin", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    const started = kit.next("job_started");
    const { approveStep } = await kit.graphql<{ approveStep: { run: Seen; cursor: string } }>(
      kit.servers[0],
      `mutation ($id: ID!) { approveStep(input: { stepId: $id, topK: 1, comment: "Yes." }) {
         ... on ApproveStepSuccess { cursor run { ${SEEN} } } ... on Error { message } } }`,
      { id: gate.stepId },
      "bob",
    );
    expect(approveStep.run).toMatchObject({
      status: "RUNNING",
      steps: [{ status: "APPROVED", comment: "Yes.", approvedBy: { name: "bob" } }, { status: "GENERATING" }],
    });
    for (const index of [0, 1]) {
      expect((await seen(index, gate.runId)).steps[0]).toEqual(approveStep.run.steps[0]);
    }
    // The cursor is the last event of the decision: whoever has read up to it has read all of it.
    const { run } = await kit.graphql<{ run: { events: { events: { type: string; seq: number }[] } } }>(
      kit.servers[1],
      `query ($id: ID!) { run(id: $id) { events(first: 200) { events { type seq } } } }`,
      { id: gate.runId },
    );
    const upTo = run.events.events.filter(({ seq }) => seq <= Number(approveStep.cursor)).map(({ type }) => type);
    for (const type of ["approval_granted", "gate_opened", "jobs_queued"]) expect(upTo).toContain(type);
    expect((await started).runId).toBe(gate.run);
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
  });

  it("F13: a rejection is one whatever its comment: missing, null, empty, blank", async () => {
    for (const said of [{}, { comment: null }, { comment: "" }, { comment: "  \n " }]) {
      const gate = await waitingGate(kit, kit.servers[0], 2);
      const answer = await mutate(kit, kit.servers[1], "rejectStep", { stepId: gate.stepId, ...said }, "bob");
      expect(answer.__typename).toBe("RejectStepSuccess");
      expect(await approvalsOf(gate)).toEqual([{ status: "REJECTED", decidedBy: { name: "bob" }, comment: null }]);
      expect(await seen(0, gate.runId)).toMatchObject({ status: "REJECTED" });
    }
  });

  it("F13: 0 and false are what was said, not what was left out", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 3);
    const { stepId } = gate;
    expect((await mutate(kit, kit.servers[0], "approveStep", { stepId, topK: 0 })).__typename).toBe("InvalidTopKError");
    expect((await mutate(kit, kit.servers[1], "approveStep", { stepId, rankingVersion: 0 })).__typename).toBe(
      "StaleRankingError",
    );
    const candidateId = gate.candidates[0];
    const rejected = await mutate(kit, kit.servers[0], "rejectCandidate", { candidateId, replace: false });
    expect(rejected.__typename).toBe("RejectCandidateSuccess");
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    expect((await runOf(kit, gate.run)).events).toMatchObject({ candidate_created: 3, approval_requested: 1 });
  });

  it("F13: time that passes decides nothing, and is nobody's decision", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    const later = new Date(Date.now() + 365 * 86_400_000);
    await checkStalls(kit.engine, later);
    expect(await approvalsOf(gate)).toEqual([{ status: "PENDING", decidedBy: null, comment: null }]);
    const { status, events } = await runOf(kit, gate.run);
    expect({ status, raised: events.alert_raised }).toEqual({ status: "WAITING_FOR_APPROVAL", raised: 1 });
    const answer = await mutate(kit, kit.servers[1], "approveStep", { stepId: gate.stepId, topK: 1 }, "bob");
    expect(answer.__typename).toBe("ApproveStepSuccess");
    expect(await approvalsOf(gate)).toEqual([{ status: "APPROVED", decidedBy: { name: "bob" }, comment: null }]);
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
  });
});

interface Outcome {
  readonly outcome: string;
  readonly error: { readonly __typename: string; readonly message: string } | null;
}

async function approvalId(gate: WaitingGate): Promise<string> {
  const { node } = await kit.graphql<{ node: { pendingApproval: { id: string } } }>(
    kit.servers[0],
    `query ($id: ID!) { node(id: $id) { ... on RunStep { pendingApproval { id } } } }`,
    { id: gate.stepId },
  );
  return node.pendingApproval.id;
}

describe("many decisions at once", { timeout: 120_000 }, () => {
  it("F13: one bad item stops none of the others, and each gets its own answer, in its place", async () => {
    const gates = await Promise.all(Array.from({ length: 6 }, () => waitingGate(kit, kit.servers[0], 2)));
    const ids = await Promise.all(gates.map(approvalId));
    expect((await mutate(kit, kit.servers[1], "abortRun", { runId: gates[3]!.runId })).__typename).toBe(
      "AbortRunSuccess",
    );
    const decisions = [
      { approvalId: ids[0], decision: "APPROVE", topK: 1, comment: "" },
      { approvalId: ids[1], decision: "APPROVE", topK: 0 },
      { approvalId: "none", decision: "REJECT" },
      { approvalId: ids[3], decision: "APPROVE" },
      { approvalId: ids[4], decision: "REJECT", comment: null },
      { approvalId: ids[4], decision: "APPROVE" },
      { approvalId: ids[5], decision: "APPROVE", rankingVersion: 0 },
    ];
    const { decideApprovals } = await kit.graphql<{ decideApprovals: { results: Outcome[] } }>(
      kit.servers[1],
      `mutation ($input: DecideApprovalsInput!) { decideApprovals(input: $input) {
         ... on DecideApprovalsSuccess { results { outcome error { __typename message } } } } }`,
      { input: { decisions } },
      "bob",
    );
    expect(decideApprovals.results.map(({ outcome, error }) => error?.__typename ?? outcome)).toEqual([
      "DECIDED",
      "InvalidTopKError",
      "NotFoundError",
      "RunNotActiveError",
      "DECIDED",
      "ApprovalFinalError",
      "StaleRankingError",
    ]);
    expect(await approvalsOf(gates[0]!)).toEqual([{ status: "APPROVED", decidedBy: { name: "bob" }, comment: null }]);
    expect(await approvalsOf(gates[4]!)).toEqual([{ status: "REJECTED", decidedBy: { name: "bob" }, comment: null }]);
    for (const untouched of [gates[1]!, gates[2]!, gates[5]!]) {
      expect(await approvalsOf(untouched)).toEqual([{ status: "PENDING", decidedBy: null, comment: null }]);
    }
    expect(await settled(kit, gates[0]!.run)).toBe("WAITING_FOR_APPROVAL");
  });
});

describe("a run that is ended while it waits", { timeout: 120_000 }, () => {
  it("F14: its request, its alert and its place in the inbox are gone; a late answer is told so", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    await checkStalls(kit.engine, new Date(Date.now() + 365 * 86_400_000));
    expect(await state(gate)).toEqual({ statusReason: null, alerts: [{ kind: "APPROVAL_STALLED" }] });
    const before = await inbox(gate);
    expect(before).toEqual({ total: before.listed, listed: before.total, ours: 1 });

    const aborted = await mutate(kit, kit.servers[0], "abortRun", { runId: gate.runId, reason: "Not needed." });
    expect(aborted.__typename).toBe("AbortRunSuccess");
    expect(await inbox(gate)).toEqual({ total: before.total - 1, listed: before.listed - 1, ours: 0 });
    expect(await approvalsOf(gate)).toEqual([{ status: "CANCELLED", decidedBy: null, comment: null }]);
    expect(await state(gate)).toEqual({ statusReason: "Not needed.", alerts: [] });

    for (const name of ["approveStep", "rejectStep"]) {
      const late = await mutate(kit, kit.servers[1], name, { stepId: gate.stepId });
      expect(late.__typename).toBe("RunNotActiveError");
      expect(late.message).toContain("aborted");
    }
    expect((await mutate(kit, kit.servers[1], "abortRun", { runId: gate.runId })).__typename).toBe("RunNotActiveError");
    // It does not come back: not by the clock, and not by a start.
    await checkStalls(kit.engine, new Date(Date.now() + 730 * 86_400_000));
    await (await kit.server({ worker: "embedded" })).end("SIGTERM");
    expect(await inbox(gate)).toMatchObject({ ours: 0 });
    expect((await runOf(kit, gate.run)).events).toMatchObject({ alert_raised: 1, alert_resolved: 1 });
  });

  it("F14: to retry what waits and has not failed is refused, and it goes on waiting", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    const before = await runOf(kit, gate.run);
    const retried = await mutate(kit, kit.servers[1], "retryFailedJobs", { stepId: gate.stepId });
    expect(retried.__typename).toBe("InvalidInputError");
    expect(await runOf(kit, gate.run)).toEqual(before);
    expect(await inbox(gate)).toMatchObject({ ours: 1 });
  });
});

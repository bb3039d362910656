import { schema } from "@sluice/schema";
import { isInputObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { subscribe } from "./kit/readers.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { type ApiRun, applyPipeline, createRun, mutate, stepOf, untilStep } from "./kit/spec-runs.ts";

let kit: ServerKit;
let pipelines = 0;
beforeAll(async () => {
  kit = await serverKit({ worker: true });
  for (const name of ["ann", "ben"]) await kit.token(name, { role: "APPROVER", kind: "PERSON" });
  await kit.token("vic", { role: "VOTER" });
});
afterAll(() => kit[Symbol.asyncDispose]());

/** A run whose first gate waits, with policy keys as in `pipelines.yaml`. */
async function gate(policy: string): Promise<{ run: ApiRun; stepId: string }> {
  pipelines += 1;
  const pipeline = `policy ${pipelines}`;
  await applyPipeline(kit, pipeline, [
    `{ type: generate, name: Draft, generator: grammar, gate: manual, n: 3, k: 2, ${policy} }`,
    "{ type: generate, name: Refine, generator: grammar, n: 1 }",
  ]);
  const run = await createRun(kit, pipeline);
  await untilStep(kit, run, 1, "AWAITING_APPROVAL");
  return { run, stepId: (await stepOf(kit, run, 1)).id };
}

interface GateNow {
  readonly statusLabel: string;
  readonly policy: { readonly quorum: number; readonly summary: string | null };
  readonly approvalPreview: { readonly mayDecide: boolean; readonly reason: string | null; readonly signOffs: number };
  readonly pendingApproval: {
    readonly requiredSignOffs: number;
    readonly signOffs: readonly { readonly actor: { readonly name: string }; readonly counts: boolean }[];
  } | null;
}

async function gateAs(stepId: string, as: string): Promise<GateNow> {
  const { node } = await kit.graphql<{ node: GateNow }>(
    `query ($id: ID!) { node(id: $id) { ... on RunStep {
       statusLabel policy { quorum summary } approvalPreview { mayDecide reason signOffs }
       pendingApproval { requiredSignOffs signOffs { actor { name } counts } } } } }`,
    { id: stepId },
    { as },
  );
  return node;
}

describe("policies over the API", () => {
  it("F3: no input names who decides, or which candidates advance", () => {
    const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);
    const fields = inputs.flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
    expect(fields).toContain("ApproveStepInput.topK");
    expect(
      fields.filter((field) => /\.(decidedBy|approvedBy|actor|signOffs|advancing|candidateIds|channel)/i.test(field)),
    ).toEqual([]);
  });

  it("F3: a request that names them all the same is refused as a whole", async () => {
    const { run, stepId } = await gate("quorum: 1");
    const forged = mutate(kit, "approveStep", { stepId, decidedBy: "ada" }, "ann");
    await expect(forged).rejects.toThrow("not to include unknown field");
    expect(await stepOf(kit, run, 1)).toMatchObject({ status: "AWAITING_APPROVAL" });
  });

  it("G12: says to each what it takes, in words", async () => {
    const { stepId } = await gate("approvers: [ann], exclude_creator: true");
    expect((await gateAs(stepId, "ann")).approvalPreview).toMatchObject({ mayDecide: true, reason: null });
    expect((await gateAs(stepId, "vic")).approvalPreview).toMatchObject({
      mayDecide: false,
      reason: "vic is a voter; this takes an approver. An owner can change that.",
    });
    const refusal = "ben is not among those who may decide this gate. It takes ann.";
    expect((await gateAs(stepId, "ben")).approvalPreview).toMatchObject({ mayDecide: false, reason: refusal });
    expect(await mutate(kit, "approveStep", { stepId }, "ben")).toMatchObject({
      __typename: "ForbiddenError",
      message: refusal,
    });
    expect((await gateAs(stepId, "ben")).policy.summary).toBe(
      "Decided by ann. Whoever created the run may not decide.",
    );
  });

  it("quorum: who has signed, and of how many, is seen live by everybody", async () => {
    const { stepId } = await gate("quorum: 2");
    await using inbox = await subscribe<{
      approvalChanged: { status: string; step: { id: string; statusLabel: string } };
    }>(kit, "websocket", "subscription { approvalChanged { status step { id statusLabel } } }", {}, { as: "vic" });
    await using preview = await subscribe<{ approvalPreview: { signOffs: number; requiredSignOffs: number } }>(
      kit,
      "sse",
      `subscription ($stepId: ID!) { approvalPreview(stepId: $stepId) { signOffs requiredSignOffs } }`,
      { stepId },
      { as: "vic" },
    );
    expect(await preview.next()).toEqual({ approvalPreview: { signOffs: 0, requiredSignOffs: 2 } });
    expect((await gateAs(stepId, "ann")).statusLabel).toBe("Awaiting Approval (0 of 2)");
    expect(await mutate(kit, "approveStep", { stepId }, "ann")).toMatchObject({ __typename: "ApproveStepSuccess" });
    await preview.until(({ approvalPreview }) => approvalPreview.signOffs === 1);
    await inbox.until(
      ({ approvalChanged: { step } }) => step.id === stepId && step.statusLabel === "Awaiting Approval (1 of 2)",
    );
    expect((await gateAs(stepId, "ben")).pendingApproval).toEqual({
      requiredSignOffs: 2,
      signOffs: [{ actor: { name: "ann" }, counts: true }],
    });

    // The same person by another API key.
    const key = await kit.token("ann", { scopes: ["DECIDE", "VIEW"] });
    const response = await fetch(`${kit.url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        query: `mutation ($stepId: ID!) { approveStep(input: { stepId: $stepId }) { ... on ApproveStepSuccess { opened } } }`,
        variables: { stepId },
      }),
    });
    expect(await response.json()).toEqual({ data: { approveStep: { opened: false } } });
    expect((await gateAs(stepId, "ben")).statusLabel).toBe("Awaiting Approval (1 of 2)");

    expect(await mutate(kit, "withdrawSignOff", { stepId }, "ann")).toMatchObject({
      __typename: "WithdrawSignOffSuccess",
    });
    await preview.until(({ approvalPreview }) => approvalPreview.signOffs === 0);
    for (const as of ["ann", "ben"]) await mutate(kit, "approveStep", { stepId }, as);
    const seen = await inbox.until(
      ({ approvalChanged: { status, step } }) => step.id === stepId && status === "APPROVED",
    );
    expect(seen.at(-1)?.approvalChanged.step.statusLabel).toBe("Approved (2/3 advancing)");
  });

  it("evidence that is missing is named, and overridden with a reason alone", async () => {
    const { stepId } = await gate("min_votes: 2");
    const approve = (overrideReason: string | null) =>
      kit.graphql(
        `mutation ($input: ApproveStepInput!) { approveStep(input: $input) { __typename
           ... on PolicyUnmetError { unmet overridable }
           ... on ApproveStepSuccess { opened step { decision { overrideReason decidedBy { name } decidedByPolicy } } } } }`,
        { input: { stepId, overrideReason } },
        { as: "ann" },
      );
    expect(await approve(" ")).toEqual({
      approveStep: {
        __typename: "PolicyUnmetError",
        unmet: ["3 of 3 candidates have fewer than 2 votes (the fewest is 0)."],
        overridable: true,
      },
    });
    expect(await approve("A draft.")).toEqual({
      approveStep: {
        __typename: "ApproveStepSuccess",
        opened: true,
        step: { decision: { overrideReason: "A draft.", decidedBy: { name: "ann" }, decidedByPolicy: false } },
      },
    });
  });

  it("G6, F1: who comes second hears who was first", async () => {
    const { stepId } = await gate("quorum: 1");
    await mutate(kit, "rejectStep", { stepId, comment: "no" }, "ann");
    const answer = await kit.graphql(
      `mutation ($stepId: ID!) { approveStep(input: { stepId: $stepId }) { ... on ApprovalFinalError {
         message decidedBy { name } decision { status comment } } } }`,
      { stepId },
      { as: "ben" },
    );
    expect(answer).toEqual({
      approveStep: {
        message: "Approvals cannot be reverted. Create new run for different configuration.",
        decidedBy: { name: "ann" },
        decision: { status: "REJECTED", comment: "no" },
      },
    });
  });

  it("the server opens a gate by its automatic policy, and says that no person did", async () => {
    const { run, stepId } = await gate("automatic: { votes: 2, confidence: 0.5 }");
    const { node } = await kit.graphql<{ node: { candidates: { edges: { node: { id: string } }[] } } }>(
      `query ($id: ID!) { node(id: $id) { ... on RunStep { candidates { edges { node { id } } } } } }`,
      { id: stepId },
    );
    const ids = node.candidates.edges.map((edge) => edge.node.id);
    for (const [left, right] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      await mutate(kit, "castVote", { leftId: ids[left], rightId: ids[right], outcome: "LEFT" }, "vic");
    }
    await untilStep(kit, run, 1, "APPROVED");
    const decided = await kit.graphql(
      `query ($id: ID!) { node(id: $id) { ... on RunStep { approvedBy { name }
         decision { status topK decidedByPolicy channel decidedBy { name } } } } }`,
      { id: stepId },
    );
    expect(decided).toEqual({
      node: {
        approvedBy: null,
        decision: { status: "APPROVED", topK: 2, decidedByPolicy: true, channel: "POLICY", decidedBy: null },
      },
    });
    expect(kit.logged).toEqual([]);
  });

  it("a run is created with an approval template of its pipeline", async () => {
    const yaml = `
pipelines:
  - name: templates
    steps: [{ name: Draft, type: generate, generator: grammar, gate: manual }]
    approval_templates: [{ name: strict, description: Two people, steps: [{ step: Draft, k: 1, quorum: 2 }] }]`;
    expect(await mutate(kit, "applyPipelines", { yaml })).toMatchObject({ __typename: "ApplyPipelinesSuccess" });
    const { pipeline } = await kit.graphql<{ pipeline: unknown }>(
      `{ pipeline(name: "templates") { approvalTemplates { name description steps { position topK policy { quorum } } } } }`,
    );
    expect(pipeline).toEqual({
      approvalTemplates: [
        { name: "strict", description: "Two people", steps: [{ position: 1, topK: 1, policy: { quorum: 2 } }] },
      ],
    });
    const { id } = await createRun(kit, "templates", { approvalTemplate: "strict" });
    const { run } = await kit.graphql<{ run: unknown }>(
      `query ($id: ID!) { run(id: $id) { approvalTemplate steps { topKCount policy { quorum } } } }`,
      { id },
    );
    expect(run).toEqual({ approvalTemplate: "strict", steps: [{ topKCount: 1, policy: { quorum: 2 } }] });
    const refused = await kit.graphql(
      `mutation { createRun(input: { pipeline: "templates", approvalTemplate: "none" }) { ... on InvalidInputError { field } } }`,
    );
    expect(refused).toEqual({ createRun: { field: "approvalTemplate" } });
  });
});

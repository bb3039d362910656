import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { subscribe } from "./kit/readers.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { statementCount } from "./kit/statements-of.ts";
import { newRun, untilStep } from "./kit/steps.ts";

let kit: ServerKit;
const gates: Gate[] = [];
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
  for (const [name, role] of [
    ["vera", "VIEWER"],
    ["vito", "VOTER"],
    ["anna", "APPROVER"],
    ["olga", "OPERATOR"],
  ] as const) {
    await kit.token(name, { role });
  }
  for (let count = 0; count < 5; count++) gates.push(await waiting());
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Gate {
  readonly runId: string;
  readonly stepId: string;
  readonly approvalId: string;
}

async function waiting(step = "gate: manual"): Promise<Gate> {
  const run = await newRun(kit, [`{ name: Draft, type: generate, generator: echo, n: 2, ${step} }`]);
  const [stepId] = run.stepIds as [string];
  await untilStep(kit, stepId, "AWAITING_APPROVAL");
  const { node } = await kit.graphql<{ node: { pendingApproval: { id: string } } }>(
    `query ($id: ID!) { node(id: $id) { ... on RunStep { pendingApproval { id } } } }`,
    { id: stepId },
  );
  return { runId: run.id, stepId, approvalId: node.pendingApproval.id };
}

interface Page {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly {
    readonly node: { readonly id: string; readonly mayDecide: boolean; readonly whyNot: string | null };
  }[];
}

const INBOX = `query ($mineToDecide: Boolean, $includeAll: Boolean, $first: Int, $after: String) {
  approvals(mineToDecide: $mineToDecide, includeAll: $includeAll, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { id status stalled round mayDecide whyNot run { number } step { name } decidedBy { name } } } } }`;

async function inbox(variables: object, as = "ada"): Promise<Page> {
  return (await kit.graphql<{ approvals: Page }>(INBOX, variables, { as })).approvals;
}

async function everyPage(variables: object, as?: string): Promise<{ ids: string[]; totalCount: number }> {
  const ids: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page = await inbox({ ...variables, first: 3, after }, as);
    ids.push(...page.edges.map(({ node }) => node.id));
    if (!page.pageInfo.hasNextPage) return { ids, totalCount: page.totalCount };
    after = page.pageInfo.endCursor;
  }
}

const BULK = `mutation ($input: DecideApprovalsInput!) { decideApprovals(input: $input) {
  __typename ... on Error { message }
  ... on DecideApprovalsSuccess { results {
    approvalId outcome approval { id status channel comment waitedSeconds confidence shown { advances candidate { id } } decidedBy { name } }
    error { __typename message ... on StaleRankingError { rankingVersion } } } } } }`;

interface Bulk {
  readonly __typename: string;
  readonly results: readonly {
    readonly approvalId: string;
    readonly outcome: string;
    readonly approval: Record<string, unknown> | null;
    readonly error: { readonly __typename: string; readonly message: string } | null;
  }[];
}

async function decide(decisions: readonly object[], as = "ada"): Promise<Bulk> {
  const answer = await kit.graphql<{ decideApprovals: Bulk }>(BULK, { input: { decisions } }, { as });
  return answer.decideApprovals;
}

describe("one list of the gates that wait", () => {
  it("F11: the count is that of the list, for every viewer and filter", async () => {
    for (const [as, mine] of [
      ["ada", 5],
      ["olga", 5],
      ["anna", 5],
      ["vito", 0],
      ["vera", 0],
    ] as const) {
      const all = await everyPage({}, as);
      expect([as, all.totalCount, new Set(all.ids).size]).toEqual([as, 5, 5]);
      expect(all.ids).toEqual(gates.map(({ approvalId }) => approvalId));
      const own = await everyPage({ mineToDecide: true }, as);
      expect([as, own.totalCount, own.ids.length]).toEqual([as, mine, mine]);
    }
  });

  it("says to everybody whether they may decide, and else why not", async () => {
    const [forAnna] = (await inbox({ first: 1 }, "anna")).edges;
    expect(forAnna!.node).toMatchObject({ mayDecide: true, whyNot: null });
    const [forVito] = (await inbox({ first: 1 }, "vito")).edges;
    expect(forVito!.node).toMatchObject({
      mayDecide: false,
      whyNot: expect.stringContaining("this takes an approver"),
    });
  });

  it("takes as many statements for many gates as for one", async () => {
    const one = await statementCount(() => inbox({ first: 1 }));
    expect(await statementCount(() => inbox({ first: 5 }))).toBeLessThanOrEqual(one + 1);
  });

  it("takes no cursor that it has not given", async () => {
    const cursor = Buffer.from("GPC:N:1").toString("base64");
    await expect(inbox({ after: cursor })).rejects.toThrow("BAD_CURSOR");
  });

  it("tells each reader of a shared subscription about themselves", async () => {
    const query = `subscription { approvalChanged { id mayDecide whyNot } }`;
    type Changed = { approvalChanged: { id: string; mayDecide: boolean; whyNot: string | null } };
    await using forAda = await subscribe<Changed>(kit, "websocket", query, {}, { as: "ada" });
    await using forVito = await subscribe<Changed>(kit, "websocket", query, {}, { as: "vito" });
    const heard = Promise.all([forAda.next(), forVito.next()]);
    await waiting();
    const [ada, vito] = await heard;
    expect(ada.approvalChanged).toMatchObject({ mayDecide: true, whyNot: null });
    expect(vito.approvalChanged).toMatchObject({ mayDecide: false, whyNot: expect.stringContaining("is a voter") });
  });
});

describe("deciding several together", () => {
  it("F13: gives a result for each, typed, and one bad item stops none", async () => {
    const [one, two, three] = [await waiting(), await waiting(), await waiting()];
    const { __typename, results } = await decide([
      { approvalId: one.approvalId, decision: "APPROVE", topK: 1, comment: "" },
      { approvalId: two.approvalId, decision: "APPROVE", rankingVersion: 99_999 },
      { approvalId: three.approvalId, decision: "REJECT", comment: null },
      { approvalId: one.approvalId, decision: "REJECT" },
      { approvalId: one.stepId, decision: "APPROVE" },
      { approvalId: "xx", decision: "APPROVE" },
    ]);
    expect(__typename).toBe("DecideApprovalsSuccess");
    expect(results.map(({ outcome, error }) => error?.__typename ?? outcome)).toEqual([
      "DECIDED",
      "StaleRankingError",
      "DECIDED",
      "ApprovalFinalError",
      "NotFoundError",
      "NotFoundError",
    ]);
    // Each id as it was given, those of no approval too: that is how a client knows which is which.
    expect(results.map(({ approvalId }) => approvalId)).toEqual([
      ...[one, two, three, one].map(({ approvalId }) => approvalId),
      one.stepId,
      "xx",
    ]);
    expect(results[0]!.approval).toMatchObject({
      status: "APPROVED",
      channel: "API",
      comment: null,
      decidedBy: { name: "ada" },
      shown: [{ advances: true }, { advances: false }],
    });
    expect(results[1]!.approval).toMatchObject({ status: "PENDING", waitedSeconds: null, confidence: null, shown: [] });
    expect(results[2]!.approval).toMatchObject({ status: "REJECTED" });
    expect(results[4]!.approval).toBeNull();
    const left = await everyPage({});
    expect(left.ids).toContain(two.approvalId);
    expect(left.ids).not.toContain(one.approvalId);
    expect(left.ids).not.toContain(three.approvalId);
    expect((await everyPage({ includeAll: true })).ids).toContain(three.approvalId);
  });

  it("G12: is not for viewers and voters, nor for a key that may only vote; F17: it is for approvers", async () => {
    const gate = await waiting();
    const decisions = [{ approvalId: gate.approvalId, decision: "REJECT" }];
    for (const as of ["vera", "vito"]) {
      const refused = await decide(decisions, as);
      expect(refused).toMatchObject({ __typename: "ForbiddenError" });
    }
    expect(await decide(decisions, "anna")).toMatchObject({ results: [{ outcome: "DECIDED" }] });
  });

  it("G12: a policy that lets others decide is an error of that item alone", async () => {
    const [open, closed] = [await waiting(), await waiting("gate: manual, approvers: [role:owner]")];
    const { results } = await decide(
      [closed, open].map(({ approvalId }) => ({ approvalId, decision: "APPROVE", topK: 1 })),
      "anna",
    );
    expect(results.map(({ outcome, error }) => error?.__typename ?? outcome)).toEqual(["ForbiddenError", "DECIDED"]);
    expect((await everyPage({ mineToDecide: true }, "anna")).ids).not.toContain(closed.approvalId);
    expect((await everyPage({ mineToDecide: true }, "ada")).ids).toContain(closed.approvalId);
  });

  it("takes 1 to 100", async () => {
    expect(await decide([])).toMatchObject({ __typename: "InvalidInputError" });
    const many = Array.from({ length: 101 }, () => ({ approvalId: gates[0]!.approvalId, decision: "REJECT" }));
    expect(await decide(many)).toMatchObject({ __typename: "InvalidInputError" });
    expect((await everyPage({})).ids).toContain(gates[0]!.approvalId);
  });
});

it("decision times are there for whoever may look", async () => {
  const { decisionTimes } = await kit.graphql<{ decisionTimes: Record<string, unknown> }>(
    `{ decisionTimes { count medianSeconds stillWaiting byPerson { name count } byChannel { channel count }
         byPipelineStep { pipeline position step count } byDay { day decisions medianSeconds } longestWaitingSeconds } }`,
    {},
    { as: "vera" },
  );
  expect(decisionTimes.count).toBeGreaterThan(2);
  expect(decisionTimes.byChannel).toMatchObject([{ channel: "API" }]);
  expect(decisionTimes.byPerson).toContainEqual({ name: "anna", count: 2 });
  // Two of them, where midnight in Greenwich came in between.
  const days = decisionTimes.byDay as { day: string; decisions: number; medianSeconds: number }[];
  expect(days.reduce((sum, { decisions }) => sum + decisions, 0)).toBe(decisionTimes.count);
  expect(days.every(({ day, medianSeconds }) => day.endsWith("T00:00:00.000Z") && medianSeconds > 0)).toBe(true);
  expect(decisionTimes.stillWaiting).toBe((await everyPage({})).totalCount);
  expect(kit.logged).toEqual([]);
});

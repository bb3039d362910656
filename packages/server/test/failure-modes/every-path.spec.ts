import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TwoServers, twoServers } from "../kit/two-servers.ts";
import { applyPipeline, mutate, runOf, type WaitingGate, waitingGate } from "../kit/waiting-gate.ts";

let kit: TwoServers;
beforeAll(async () => {
  kit = await twoServers();
  await kit.token("ada", { role: "APPROVER", kind: "PERSON" });
  await kit.token("mallory", { role: "OWNER" });
  await kit.token("oscar", { role: "OPERATOR" });
  await kit.token("olga", { role: "OWNER", kind: "PERSON" });
  await kit.token("creator", { role: "OWNER" });
  for (const { keys } of POLICIES) await applyPolicy(keys);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

/** A pipeline of that name, whose first gate has the policy. */
async function applyPolicy(keys: string): Promise<void> {
  const steps = [
    `{ name: Draft, type: generate, generator: grammar, gate: manual, ${keys} }`,
    "{ name: Refine, type: generate, generator: grammar }",
  ];
  await applyPipeline(kit, kit.servers[0], JSON.stringify(keys), steps, "creator");
}

/** What keeps somebody from deciding, who that is, and who may. */
const POLICIES = [
  { keys: "approvers: [ada]", refused: "mallory", answer: "ForbiddenError", allowed: "ada" },
  { keys: "approvers: ['role:owner']", refused: "oscar", answer: "ForbiddenError", allowed: "olga" },
  { keys: "exclude_creator: true", refused: "creator", answer: "ForbiddenError", allowed: "ada" },
  { keys: "min_votes: 3", refused: "olga", answer: "PolicyUnmetError", allowed: null },
  { keys: "min_confidence: 0.95", refused: "olga", answer: "PolicyUnmetError", allowed: null },
] as const;

interface Path {
  readonly name: string;
  /** It would open the gate: it needs what the policy asks for as evidence, too. */
  readonly opens: boolean;
  /** @returns the answer's type: the error's, or one that ends in Success */
  decide(index: number, gate: WaitingGate, as: string): Promise<string>;
}

const sent = async (index: number, name: string, input: Record<string, unknown>, as: string): Promise<string> =>
  (await mutate(kit, kit.either(index), name, input, as)).__typename;

async function bulk(index: number, gate: WaitingGate, decision: string, as: string): Promise<string> {
  const { node } = await kit.graphql<{ node: { pendingApproval: { id: string } } }>(
    kit.either(index),
    `query ($id: ID!) { node(id: $id) { ... on RunStep { pendingApproval { id } } } }`,
    { id: gate.stepId },
  );
  const { decideApprovals } = await kit.graphql<{
    decideApprovals: { results: { error: { __typename: string } | null }[] };
  }>(
    kit.either(index),
    `mutation ($input: DecideApprovalsInput!) { decideApprovals(input: $input) {
       ... on DecideApprovalsSuccess { results { error { __typename } } } ... on Error { message } } }`,
    { input: { decisions: [{ approvalId: node.pendingApproval.id, decision }] } },
    as,
  );
  return decideApprovals.results[0]?.error?.__typename ?? "Success";
}

/** A link that its person makes, and that is answered on the other server, by whoever has it. */
async function byLink(
  index: number,
  { stepId, rankingVersion }: WaitingGate,
  verdict: string,
  as: string,
): Promise<string> {
  const { createDecisionLink } = await kit.graphql<{ createDecisionLink: { __typename: string; url?: string } }>(
    kit.either(index),
    `mutation ($stepId: ID!) { createDecisionLink(input: { stepId: $stepId }) {
       __typename ... on CreateDecisionLinkSuccess { url } } }`,
    { stepId },
    as,
  );
  if (!createDecisionLink.url) return createDecisionLink.__typename;
  const response = await fetch(new URL(new URL(createDecisionLink.url).pathname, kit.either(index + 1).url), {
    method: "POST",
    body: new URLSearchParams({ verdict, topK: "2", rankingVersion: String(rankingVersion) }),
    redirect: "manual",
  });
  switch (response.status) {
    case 303:
      return "Success";
    case 403:
      return "ForbiddenError";
    case 409:
      return (await response.text()).includes("votes") ? "PolicyUnmetError" : "conflict";
    default:
      return `${response.status}: ${await response.text()}`;
  }
}

const PATHS: readonly Path[] = [
  { name: "approveStep", opens: true, decide: (index, { stepId }, as) => sent(index, "approveStep", { stepId }, as) },
  { name: "rejectStep", opens: false, decide: (index, { stepId }, as) => sent(index, "rejectStep", { stepId }, as) },
  {
    name: "sendBackStep",
    opens: false,
    decide: (index, { stepId }, as) =>
      sent(index, "sendBackStep", { stepId, toStepId: stepId, comment: "Once more." }, as),
  },
  {
    name: "approveAllRemaining",
    opens: true,
    decide: (index, { runId }, as) => sent(index, "approveAllRemaining", { runId }, as),
  },
  { name: "decideApprovals APPROVE", opens: true, decide: (index, gate, as) => bulk(index, gate, "APPROVE", as) },
  { name: "decideApprovals REJECT", opens: false, decide: (index, gate, as) => bulk(index, gate, "REJECT", as) },
  { name: "link, approve", opens: true, decide: (index, gate, as) => byLink(index, gate, "APPROVE", as) },
  { name: "link, reject", opens: false, decide: (index, gate, as) => byLink(index, gate, "REJECT", as) },
];

const newGate = (keys: string): Promise<WaitingGate> => waitingGate(kit, kit.servers[0], 3, keys, "creator");

async function expectUndecided({ run }: WaitingGate, at: string): Promise<void> {
  const { status, events } = await runOf(kit, run);
  expect(status, at).toBe("WAITING_FOR_APPROVAL");
  for (const type of ["approval_granted", "approval_rejected", "step_sent_back", "approval_signed_off"]) {
    expect(events, at).not.toHaveProperty(type);
  }
}

describe("a policy holds on every way to a decision", { timeout: 120_000 }, () => {
  it.each(POLICIES)(
    "F2: $keys: $answer for $refused on each way that it is about, and nothing is decided",
    async (policy) => {
      const gate = await newGate(policy.keys);
      const answers: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const [index, { name, opens, decide }] of PATHS.entries()) {
        // What lacks votes may be rejected all the same.
        if (policy.answer === "PolicyUnmetError" && !opens) continue;
        answers[name] = await decide(index, gate, policy.refused);
        expected[name] = policy.answer;
        await expectUndecided(gate, name);
      }
      expect(answers).toEqual(expected);
    },
  );

  it.each(POLICIES)("F17: $keys: each way is open to somebody", async ({ keys, refused, allowed }) => {
    for (const [index, { name, opens, decide }] of PATHS.entries()) {
      if (allowed === null && opens) continue;
      const gate = await newGate(keys);
      expect(await decide(index, gate, allowed ?? refused), name).toMatch(/Success$/);
    }
  });

  it("F2: a quorum of two is not reached by one person, whatever ways they take", async () => {
    const keys = "quorum: 2";
    await applyPolicy(keys);
    const gate = await newGate(keys);
    for (const [index, { name, opens, decide }] of PATHS.entries()) {
      if (!opens) continue;
      await decide(index, gate, "olga");
      const { status, events } = await runOf(kit, gate.run);
      expect({ status, opened: events.gate_opened }, name).toEqual({
        status: "WAITING_FOR_APPROVAL",
        opened: undefined,
      });
    }
    // Another key and another session are the same person.
    await kit.token("olga", { scopes: ["VIEW", "DECIDE"] });
    const cookie = await kit.people.session("olga");
    await fetch(`${kit.servers[1].url}/graphql`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({
        query: `mutation ($id: ID!) { approveStep(input: { stepId: $id }) { __typename } }`,
        variables: { id: gate.stepId },
      }),
    });
    expect((await runOf(kit, gate.run)).events).not.toHaveProperty("gate_opened");
    expect(await PATHS[0]!.decide(1, gate, "ada")).toBe("ApproveStepSuccess");
    expect((await runOf(kit, gate.run)).events).toMatchObject({ approval_granted: 1, gate_opened: 1 });
  });

  it.each([
    ["approver: [ada]", "approver"],
    ["quorom: 2", "quorom"],
    ["approvers: ['role:boss']", "boss"],
    ["approvers: [ada], quorum: 2", "quorum"],
    ["automatic: { votes: 5 }", "automatic"],
    ["gate: auto, quorum: 2", "gate"],
  ])("F2: { %s } would have no effect, so it is no pipeline", async (keys, named) => {
    const gate = keys.includes("gate:") ? "" : "gate: manual, ";
    const step = `{ name: Draft, type: generate, generator: grammar, ${gate}${keys} }`;
    await expect(applyPipeline(kit, kit.servers[1], "Mistaken", [step], "creator")).rejects.toThrow(named);
  });
});

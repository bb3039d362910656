import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { subscribe } from "./kit/readers.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { candidatesOf, type NewRun, newRun, until, untilStep, vote } from "./kit/steps.ts";

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
});
afterAll(() => kit[Symbol.asyncDispose]());

const STEPS = ["First", "Second"].map(
  (name) => `{ name: ${name}, type: generate, generator: echo, n: 2, k: 2, gate: manual }`,
);

/** A run whose first gate was approved and whose second one waits. */
async function waitingAtSecond(): Promise<NewRun & { readonly first: string; readonly second: string }> {
  const run = await newRun(kit, STEPS);
  const [first, second] = run.stepIds as [string, string];
  await untilStep(kit, first, "AWAITING_APPROVAL");
  await answerOf(`mutation ($input: ApproveStepInput!) { approveStep(input: $input) { __typename } }`, {
    stepId: first,
    comment: "Both.",
  });
  await untilStep(kit, second, "AWAITING_APPROVAL");
  return { ...run, first, second };
}

/** Runs a mutation and returns its one answer. */
async function answerOf<T = { __typename: string }>(mutation: string, input: object, as = "ada"): Promise<T> {
  const answer = await kit.graphql<Record<string, T>>(mutation, { input }, { as });
  return Object.values(answer)[0] as T;
}

const SEND_BACK = `
  mutation ($input: SendBackStepInput!) { sendBackStep(input: $input) {
    __typename
    ... on SendBackStepSuccess { step { id statusLabel } toStep { id statusLabel } run { status } cursor }
    ... on InvalidInputError { message field }
    ... on StaleRoundError { message round }
    ... on TooManyRoundsError { message maxRounds }
  } }`;

const FORK = `
  mutation ($input: ForkRunInput!) { forkRun(input: $input) {
    __typename
    ... on ForkRunSuccess {
      run { id name status maxChildrenPerNode defaultTopK forkedAtPosition forkedFrom { id } }
      step { position topKCount status }
    }
    ... on Error { message }
  } }`;

interface Rounds {
  node: {
    round: number;
    candidateCount: number;
    votesCast: number;
    decision: { status: string } | null;
    candidates: { totalCount: number; edges: { node: { id: string; round: number; status: string } }[] };
    before: { totalCount: number };
    rounds: {
      number: number;
      startedAt: string;
      comment: string | null;
      sentBackBy: { status: string; decidedBy: { name: string } } | null;
      approval: { status: string; round: number } | null;
      candidates: { totalCount: number; edges: { node: { id: string; voteCount: number } }[] };
    }[];
  };
}

const roundsOf = async (stepId: string) =>
  (
    await kit.graphql<Rounds>(
      `query ($id: ID!) { node(id: $id) { ... on RunStep {
         round candidateCount votesCast decision { status }
         candidates { totalCount edges { node { id round status } } }
         before: candidates(round: 1, first: 1) { totalCount }
         rounds {
           number startedAt comment sentBackBy { status decidedBy { name } } approval { status round }
           candidates(first: 50) { totalCount edges { node { id voteCount } } }
         } } } }`,
      { id: stepId },
    )
  ).node;

describe("sendBackStep", () => {
  it("answers with the steps that begin anew; each round can be looked at, and the current one is what there is", async () => {
    const { first, second, id } = await waitingAtSecond();
    const [a, b, ...others] = await candidatesOf(kit, second);
    await vote(kit, [a, b] as [string, string]);
    const old = await candidatesOf(kit, first);
    const sent = await answerOf<object>(SEND_BACK, { stepId: second, toStepId: first, comment: "Warmer.", round: 1 });
    expect(sent).toMatchObject({
      __typename: "SendBackStepSuccess",
      step: { id: second, statusLabel: "Blocked (Step 1 unapproved) · round 2" },
      toStep: { id: first, statusLabel: expect.stringMatching(/^Generating \(\d\/2 candidates\) · round 2$/) },
      run: { status: "RUNNING" },
      cursor: expect.stringMatching(/^\d+$/),
    });
    await untilStep(kit, first, "AWAITING_APPROVAL");

    const step = await roundsOf(first);
    expect(step).toMatchObject({
      round: 2,
      candidateCount: 2,
      votesCast: 0,
      decision: null,
      candidates: { totalCount: 2 },
      before: { totalCount: 2 },
      rounds: [
        {
          number: 1,
          comment: "Warmer.",
          sentBackBy: { status: "SENT_BACK", decidedBy: { name: "ada" } },
          approval: { status: "APPROVED", round: 1 },
          candidates: { totalCount: 2 },
        },
        {
          number: 2,
          comment: null,
          sentBackBy: null,
          approval: { status: "PENDING", round: 2 },
          candidates: { totalCount: 2 },
        },
      ],
    });
    expect(step.rounds[0]?.candidates.edges.map(({ node }) => node.id)).toEqual(old);
    expect(step.candidates.edges.map(({ node }) => [node.round, node.status])).toEqual(Array(2).fill([2, "ACTIVE"]));
    expect(step.rounds[1]?.candidates.edges.map(({ node }) => node.id)).toEqual(
      step.candidates.edges.map(({ node }) => node.id),
    );
    expect(new Date(step.rounds[1]?.startedAt ?? 0).getTime()).toBeGreaterThan(
      new Date(step.rounds[0]?.startedAt ?? 0).getTime(),
    );
    const later = await roundsOf(second);
    expect(later).toMatchObject({ round: 2, candidateCount: 0, votesCast: 0, candidates: { totalCount: 0 } });
    expect(later.rounds.map(({ approval, candidates }) => [approval?.status, candidates.totalCount])).toEqual([
      ["SENT_BACK", 2 + others.length],
      [undefined, 0],
    ]);
    expect(later.rounds[0]?.candidates.edges.map(({ node }) => node.voteCount).sort()).toEqual([0, 0, 1, 1]);

    // Lists of several steps come from one statement; each has its own round.
    const { run } = await kit.graphql<{ run: { steps: { rounds: { candidates: { totalCount: number } }[] }[] } }>(
      `query ($id: ID!) { run(id: $id) { steps { rounds { candidates { totalCount } } } } }`,
      { id },
    );
    expect(run.steps.map(({ rounds }) => rounds.map(({ candidates }) => candidates.totalCount))).toEqual([
      [2, 2],
      [4, 0],
    ]);
  });

  it("F6: refuses what is about an earlier round, in words", async () => {
    const { id: runId, stepIds } = await newRun(kit, STEPS);
    const first = stepIds[0] as string;
    await untilStep(kit, first, "AWAITING_APPROVAL");
    const input = { stepId: first, toStepId: first, comment: "Again.", round: 1 };
    await answerOf(SEND_BACK, input);
    await untilStep(kit, first, "AWAITING_APPROVAL");
    expect(await answerOf(SEND_BACK, input)).toEqual({
      __typename: "StaleRoundError",
      round: 2,
      message: "Step 1 is in round 2 now, and you decided about round 1. Look at what it has made since, then decide.",
    });
    const approveAll = `mutation ($input: ApproveAllRemainingInput!) { approveAllRemaining(input: $input) { __typename } }`;
    const reject = `mutation ($input: RejectStepInput!) { rejectStep(input: $input) { __typename } }`;
    expect(await answerOf(approveAll, { runId, round: 1 })).toEqual({ __typename: "StaleRoundError" });
    expect(await answerOf(approveAll, { runId, rankingVersion: 0 })).toEqual({ __typename: "StaleRankingError" });
    expect(await answerOf(reject, { stepId: first, rankingVersion: 0 })).toEqual({ __typename: "StaleRankingError" });
    expect(await answerOf(SEND_BACK, { ...input, round: 2, comment: "" })).toMatchObject({
      __typename: "InvalidInputError",
      field: "comment",
    });
    await answerOf(SEND_BACK, { ...input, round: 2 });
    await untilStep(kit, first, "AWAITING_APPROVAL");
    expect(await answerOf(SEND_BACK, { ...input, round: 3 })).toMatchObject({
      __typename: "TooManyRoundsError",
      maxRounds: 3,
    });
  });

  it("is an event of the run, with what was said, and the approval's change is told to whoever listens", async () => {
    const { first, second, id } = await waitingAtSecond();
    await using approvals = await subscribe<{ approvalChanged: { status: string; step: { id: string } } }>(
      kit,
      "websocket",
      `subscription { approvalChanged { status step { id } } }`,
    );
    await answerOf(SEND_BACK, { stepId: second, toStepId: first, comment: "Warmer." });
    for (;;) {
      const { approvalChanged } = await approvals.next();
      if (approvalChanged.step.id === second && approvalChanged.status === "SENT_BACK") break;
    }
    const { run } = await kit.graphql<{ run: { events: { events: { type: string }[] } } }>(
      `query ($id: ID!) { run(id: $id) { events(first: 500) { events {
         type actor { name }
         ... on StepSentBackEvent { step { id } toStep { id } round comment approval { status sentBackTo } }
       } } } }`,
      { id },
    );
    expect(run.events.events.filter(({ type }) => type === "step_sent_back")).toEqual([
      {
        type: "step_sent_back",
        actor: { name: "ada" },
        step: { id: second },
        toStep: { id: first },
        round: 1,
        comment: "Warmer.",
        approval: { status: "SENT_BACK", sentBackTo: 1 },
      },
    ]);
  });
});

describe("forkRun", () => {
  it("creates a run from a step of another, which both know of", async () => {
    const { first, id, second } = await waitingAtSecond();
    const forked = await answerOf<{ run: { id: string } }>(FORK, {
      stepId: first,
      name: "Fewer",
      maxChildrenPerNode: 3,
      defaultTopK: 1,
    });
    expect(forked).toMatchObject({
      __typename: "ForkRunSuccess",
      run: {
        name: "Fewer",
        status: "WAITING_FOR_APPROVAL",
        maxChildrenPerNode: 3,
        defaultTopK: 1,
        forkedAtPosition: 1,
        forkedFrom: { id },
      },
      step: { position: 1, topKCount: 1, status: "AWAITING_APPROVAL" },
    });
    const { run } = await kit.graphql<{ run: object }>(
      `query ($id: ID!) { run(id: $id) { forkedFrom { id } forks { id } steps { statusLabel } } }`,
      { id },
    );
    expect(run).toEqual({
      forkedFrom: null,
      forks: [{ id: forked.run.id }],
      steps: [{ statusLabel: "Approved (all advancing)" }, { statusLabel: "Awaiting Approval (4 candidates ready)" }],
    });
    // The whole of it works on: approve, and the next step makes N for each of K.
    const copy = await kit.graphql<{ run: { steps: { id: string }[]; events: { events: { type: string }[] } } }>(
      `query ($id: ID!) { run(id: $id) { steps { id } events { events { type } } } }`,
      { id: forked.run.id },
    );
    expect(copy.run.events.events.map(({ type }) => type).slice(0, 2)).toEqual(["run_created", "run_forked"]);
    const [firstCopy, secondCopy] = copy.run.steps.map((step) => step.id) as [string, string];
    await answerOf(`mutation ($input: ApproveStepInput!) { approveStep(input: $input) { __typename } }`, {
      stepId: firstCopy,
    });
    await until(kit, async () => (await candidatesOf(kit, secondCopy)).length === 3);
    expect(await candidatesOf(kit, second)).toHaveLength(4);
  });

  it("says where to fork instead", async () => {
    const run = await newRun(kit, STEPS);
    expect(await answerOf(FORK, { stepId: run.stepIds[1] })).toEqual({
      __typename: "NotForkableError",
      message: `Step 1 of run #${run.number} is not approved, so step 2 is not complete. Fork at step 1 instead.`,
    });
  });
});

describe("Who ended a run", () => {
  it("A6: is shown with it", async () => {
    const { id } = await newRun(kit, STEPS);
    const { abortRun } = await kit.graphql<{ abortRun: object }>(
      `mutation ($id: ID!) { abortRun(input: { runId: $id }) { ... on AbortRunSuccess { run { endedBy { name } } } } }`,
      { id },
      { as: "grace" },
    );
    expect(abortRun).toEqual({ run: { endedBy: { name: "grace" } } });
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { candidatesOf, newRun, until, untilStep } from "./kit/steps.ts";

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
});
afterAll(() => kit[Symbol.asyncDispose]());

const STEPS = ["{ name: One, type: generate, generator: echo, n: 4, gate: manual }"];
const BUDGET = "budget { maxJobs attemptsStarted maxCostUsd costUsd }";

async function setBudget(input: object, as = "ada"): Promise<unknown> {
  const { setRunBudget } = await kit.graphql<{ setRunBudget: unknown }>(
    `mutation ($input: SetRunBudgetInput!) { setRunBudget(input: $input) { __typename
       ... on Error { message } ... on InvalidInputError { field } ... on SetRunBudgetSuccess { run { ${BUDGET} } } } }`,
    { input },
    { as },
  );
  return setRunBudget;
}

it("stops a run at its budget, says so, and lets it go on with more", async () => {
  const run = await newRun(kit, STEPS, { maxJobs: 3, maxCostUsd: 2 });
  const stepId = run.stepIds[0] as string;
  await untilStep(kit, stepId, "AWAITING_APPROVAL");
  const { node } = await kit.graphql<{ node: unknown }>(
    `query ($id: ID!) { node(id: $id) { ... on Run { ${BUDGET} alerts { kind message } steps { failedJobs failureReasons } } } }`,
    { id: run.id },
  );
  const why = "The run has started 3 attempts; its budget is 3.";
  expect(node).toEqual({
    budget: { maxJobs: 3, attemptsStarted: 3, maxCostUsd: 2, costUsd: 0 },
    alerts: [
      {
        kind: "GENERATION_FAILING",
        message: `Run #${run.number} spends nothing more. ${why} Raise its budget, then retry the failed jobs.`,
      },
    ],
    steps: [
      { failedJobs: 1, failureReasons: ["Not tried: by then the run had started 3 attempts, and its budget was 3."] },
    ],
  });
  expect(await setBudget({ runId: run.id, maxJobs: null })).toMatchObject({
    __typename: "SetRunBudgetSuccess",
    run: { budget: { maxJobs: null, maxCostUsd: 2 } },
  });
  await kit.graphql("mutation ($id: ID!) { retryFailedJobs(input: { stepId: $id }) { __typename } }", { id: stepId });
  await until(kit, async () => (await candidatesOf(kit, stepId)).length === 4);
});

it("is in the record with what it was before, as candidates that are imported are with where they come from", async () => {
  const run = await newRun(kit, STEPS);
  const stepId = run.stepIds[0] as string;
  await untilStep(kit, stepId, "AWAITING_APPROVAL");
  await setBudget({ runId: run.id, maxJobs: 9, maxCostUsd: 1.5 });
  const { importCandidates } = await kit.graphql<{ importCandidates: { candidates: { id: string }[] } }>(
    `mutation ($input: ImportCandidatesInput!) { importCandidates(input: $input) {
       ... on ImportCandidatesSuccess { candidates { id } } } }`,
    { input: { stepId, candidates: [{ text: "by hand", source: "a notebook" }] } },
  );
  const { auditEntries } = await kit.graphql<{ auditEntries: { edges: { node: unknown }[] } }>(
    `query ($id: ID!) { auditEntries(runId: $id) { edges { node { type actorName stepPosition
       importedCandidates { candidateId source }
       budgetChange { before { maxJobs maxCostUsd } after { maxJobs maxCostUsd } } } } } }`,
    { id: run.id },
  );
  const [imported] = importCandidates.candidates;
  expect(auditEntries.edges.map(({ node }) => node)).toEqual([
    {
      type: "CANDIDATES_IMPORTED",
      actorName: "ada",
      stepPosition: 1,
      importedCandidates: [{ candidateId: imported?.id, source: "a notebook" }],
      budgetChange: null,
    },
    {
      type: "BUDGET_CHANGED",
      actorName: "ada",
      stepPosition: 1,
      importedCandidates: null,
      budgetChange: { before: { maxJobs: null, maxCostUsd: null }, after: { maxJobs: 9, maxCostUsd: 1.5 } },
    },
  ]);
});

it("names what is wrong, and lets only operators set it", async () => {
  const run = await newRun(kit, STEPS);
  expect(await setBudget({ runId: run.id, maxJobs: 0 })).toMatchObject({
    __typename: "InvalidInputError",
    field: "maxJobs",
  });
  expect(await setBudget({ runId: run.id, maxCostUsd: -0.5 })).toMatchObject({ field: "maxCostUsd" });
  expect(await setBudget({ runId: "none", maxJobs: 1 })).toMatchObject({ __typename: "NotFoundError" });
  await kit.token("arno", { role: "APPROVER" });
  expect(await setBudget({ runId: run.id, maxJobs: 1 }, "arno")).toMatchObject({ __typename: "ForbiddenError" });
  await kit.graphql("mutation ($id: ID!) { abortRun(input: { runId: $id }) { __typename } }", { id: run.id });
  expect(await setBudget({ runId: run.id, maxJobs: 1 })).toMatchObject({ __typename: "StepClosedError" });
});

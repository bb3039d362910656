import { startWorker } from "@sluice/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { statementCount } from "./kit/statements-of.ts";
import { candidatesOf, type NewRun, newRun, pairsOf, untilStep, vote } from "./kit/steps.ts";

let kit: ServerKit;
let small: NewRun;
let large: NewRun;
beforeAll(async () => {
  kit = await serverKit({ generators: [echoGenerator()] });
  // Stopped before anything is counted: nothing but the request itself talks to the database then.
  await using _worker = await startWorker({
    engine: kit.server.engine,
    generators: [echoGenerator()],
    assets: kit.server.assets,
    concurrency: 4,
    onError: (error) => expect.unreachable(String(error)),
  });
  small = await filledRun(2);
  large = await filledRun(20);
});
afterAll(() => kit[Symbol.asyncDispose]());

/** A run of four steps whose first two have ten times as many candidates as `n`: the parents, and nine children of each. */
async function filledRun(n: number): Promise<NewRun> {
  const steps = [n, 9, 2, 1].map(
    (children, index) =>
      `{ name: Step ${index + 1}, type: generate, generator: echo, n: ${children}, k: ${n}, gate: manual }`,
  );
  const run = await newRun(kit, steps);
  const [first, second] = run.stepIds as [string, string];
  await untilStep(kit, first, "AWAITING_APPROVAL");
  const pairs = pairsOf((await candidatesOf(kit, first)).slice(0, 12));
  for (const pair of pairs) await vote(kit, pair);
  await kit.graphql("mutation ($id: ID!) { approveStep(input: { stepId: $id }) { __typename } }", { id: first });
  await untilStep(kit, second, "AWAITING_APPROVAL");
  return run;
}

const RUN_PAGE = `query ($id: ID!) { run(id: $id) {
  id number status approvedSteps totalSteps eventCursor nextWork { mode message openSlots } alerts { id message }
  pipeline { name } createdBy { name }
  steps {
    id name status statusLabel candidateCount advancingCount inFlightJobs failedJobs failureReasons progress votesCast votingOpen
    approvedBy { name } pendingApproval { id requestedAt }
    candidates(first: 100) { totalCount edges { cursor node {
      id elo voteCount childCount text assets { url previewUrl(width: 320) } parent { id elo assets { url } } step { id position } } } }
  } } }`;
const JOBS = `query ($id: ID!) { run(id: $id) { steps { id jobs(first: 100, status: [COMPLETED]) { totalCount edges { cursor node {
  id progress textSoFar log previewUrl parent { id } candidate { id } leasedTo { name } } } } } } }`;
const PREVIEW = `query ($id: ID!) { run(id: $id) { steps { approvalPreview {
  rankingVersion ranked { rank candidate { id elo childCount assets { url } parent { id } } } cutPair { inside { id } outside { id } } } } } }`;
const GALLERY = `query ($id: ID!) { run(id: $id) { generatorsUsed modelsUsed
  candidates(first: 100, order: BEST_RATED, filter: { status: [ACTIVE], search: "." }) { totalCount edges { cursor node {
    id elo voteCount seed childCount text assets { url previewUrl(width: 320) } parent { id ordinal } step { id position }
    children(first: 3) { totalCount edges { node { id } } } } } } } }`;
const LINEAGE = `query ($id: ID!) { run(id: $id) { lineage {
  id ordinal advancement text assets { previewUrl(width: 160) } parent { id } step { id } } } }`;
const VOTING = `query ($id: ID!) { run(id: $id) { steps { id votesCast votesOverTime { at votes }
  nextPair(besides: []) { left { id text } right { id text } }
  votingProgress { yourVotes pairsLeft candidates topKConfidence confidenceLabel } } } }`;

it.each([
  ["a run page", RUN_PAGE, 25],
  ["the jobs of a run", JOBS, 15],
  ["the previews of a run", PREVIEW, 60],
  ["a gallery page", GALLERY, 15],
  ["the lineage of a run", LINEAGE, 8],
  ["voting in a run", VOTING, 20],
])("%s takes as many statements for 200 candidates as for 20", async (_what, query, atMost) => {
  const count = (run: NewRun) => statementCount(() => kit.graphql(query, { id: run.id }));
  // What is computed once and kept is there for both.
  await count(small);
  await count(large);
  const [few, many] = [await count(small), await count(large)];
  expect(few).toBeGreaterThan(1);
  expect(many).toBe(few);
  expect(many).toBeLessThanOrEqual(atMost);
});

it("a list of runs takes as many statements for 20 runs as for 5", async () => {
  for (let runs = 0; runs < 18; runs += 1) await newRun(kit, ["{ name: A, type: generate, generator: echo }"]);
  const list = `query ($first: Int!) { runs(first: $first, needsAttention: false) { totalCount edges { node {
    id name status approvedSteps totalSteps nextWork { message } alerts { id } winners { id } createdBy { name } pipeline { name steps { name } }
    steps { id name status statusLabel candidateCount inFlightJobs pendingApproval { id } } } } } }`;
  const count = (first: number) => statementCount(() => kit.graphql(list, { first }));
  const [few, many] = [await count(5), await count(20)];
  // The older runs have an approval to show, which is one statement for all of them.
  expect(many - few).toBeLessThanOrEqual(1);
  expect(many).toBeLessThanOrEqual(20);
});

it("a replay of 200 events takes as many statements as one of 20", async () => {
  const replay = `query ($id: ID!, $first: Int!) { run(id: $id) { events(first: $first) { cursor events {
    __typename seq actor { name }
    ... on CandidateEvent { candidate { id elo parent { id } assets { url } } step { id statusLabel } }
    ... on VoteEvent { step { id rankingVersion } left { id elo } right { id elo } }
    ... on StepChangedEvent { step { id statusLabel candidateCount } }
    ... on JobEvent { jobId step { id inFlightJobs } }
    ... on ApprovalEvent { approval { id status decidedBy { name } } step { id } } } } } }`;
  const count = (first: number) => statementCount(() => kit.graphql(replay, { id: large.id, first }));
  const [few, many] = [await count(60), await count(300)];
  expect(many).toBeLessThanOrEqual(few + 8);
  expect(many).toBeLessThanOrEqual(30);
});

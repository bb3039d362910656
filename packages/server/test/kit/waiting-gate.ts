import type { ProcessKit, ServerProcess } from "./server-process.ts";

/** A run whose first gate waits for a person, as clients see it. */
export interface WaitingGate {
  readonly runId: string;
  /** The run's database id. */
  readonly run: number;
  readonly stepId: string;
  readonly rankingVersion: number;
  /** Ids of the step's candidates. */
  readonly candidates: readonly string[];
}

/** What a mutation answered, whichever type it is. */
export interface Answer {
  readonly __typename: string;
  readonly message?: string;
  readonly vote?: { readonly id: string };
}

/** Applies a pipeline of two steps that write text, quickly. */
export async function applyTextPipeline(kit: ProcessKit, server: ServerProcess): Promise<void> {
  await applyPipeline(kit, server, "Text", [
    "{ name: Draft, type: generate, generator: grammar }",
    "{ name: Refine, type: generate, generator: grammar }",
  ]);
}

/** Applies a pipeline; each step is a mapping as in `pipelines.yaml`. */
export async function applyPipeline(
  kit: ProcessKit,
  server: ServerProcess,
  name: string,
  steps: readonly string[],
  as?: string,
): Promise<void> {
  const yaml = ["pipelines:", `  - name: ${name}`, "    steps:", ...steps.map((step) => `      - ${step}`)].join("\n");
  const applied = await mutate(kit, server, "applyPipelines", { yaml }, as);
  if (applied.__typename !== "ApplyPipelinesSuccess") throw new Error(applied.message);
}

/** Creates a run of `n` candidates and waits until its first gate does. Somebody has to make them. */
export async function waitingGate(
  kit: ProcessKit,
  server: ServerProcess,
  n = 4,
  pipeline = "Text",
  creator = "ada",
): Promise<WaitingGate> {
  const { createRun } = await kit.graphql<{ createRun: { run: { id: string; number: number } } }>(
    server,
    `mutation ($n: Int!, $pipeline: String!) {
       createRun(input: { pipeline: $pipeline, prompt: "a bakery", maxChildrenPerNode: $n, defaultTopK: 2, reviewFirstStep: true }) {
         ... on CreateRunSuccess { run { id number } } } }`,
    { n, pipeline },
    creator,
  );
  const { id, number } = createRun.run;
  await kit.until(async () => (await runOf(kit, number)).status === "WAITING_FOR_APPROVAL");
  const { run } = await kit.graphql<{
    run: {
      steps: { id: string; rankingVersion: number; candidates: { edges: { node: { id: string } }[] } }[];
    };
  }>(
    server,
    `query ($id: ID!) { run(id: $id) { steps { id rankingVersion candidates(first: 100) { edges { node { id } } } } } }`,
    { id },
  );
  const step = run.steps[0]!;
  return {
    runId: id,
    run: number,
    stepId: step.id,
    rankingVersion: step.rankingVersion,
    candidates: step.candidates.edges.map(({ node }) => node.id),
  };
}

/** A run's status and how often each kind of event happened in it. */
export async function runOf(kit: ProcessKit, run: number): Promise<{ status: string; events: Record<string, number> }> {
  return await kit.db.one(
    `SELECT r.status, (
       SELECT coalesce(json_object_agg(type, count), '{}') FROM (
         SELECT type, count(*)::int AS count FROM run_events WHERE pipeline_run_id = r.id GROUP BY 1) e
     ) AS events FROM pipeline_runs r WHERE r.id = $1`,
    [run],
  );
}

/** Waits until a run needs nobody's work any more: it has ended, or waits for a person. */
export async function settled(kit: ProcessKit, run: number): Promise<string> {
  await kit.until(async () => (await runOf(kit, run)).status !== "RUNNING");
  return (await runOf(kit, run)).status;
}

type Input = Record<string, unknown>;

/** Runs one mutation of the contract and gives its answer, success or typed error. */
export async function mutate(
  kit: ProcessKit,
  server: ServerProcess,
  name: string,
  input: Input,
  as?: string,
): Promise<Answer> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}`;
  const vote = name === "castVote" ? "... on CastVoteSuccess { vote { id } }" : "";
  const answer = await kit.graphql<Record<string, Answer>>(
    server,
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on Error { message } ${vote} } }`,
    { input },
    as,
  );
  return answer[name]!;
}

/** How many answers there are of each type. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { __typename } of answers) counts[__typename] = (counts[__typename] ?? 0) + 1;
  return counts;
}

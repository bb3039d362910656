import { changes } from "@sluice/engine";
import type { ServerKit } from "./server-kit.ts";

export interface NewRun {
  readonly id: string;
  readonly number: number;
  readonly stepIds: readonly string[];
}

/** Applies a pipeline over the API and creates a run of it. `steps` are YAML, one step each. */
export async function newRun(kit: ServerKit, steps: readonly string[], input: object = {}): Promise<NewRun> {
  const name = `pipeline ${crypto.randomUUID()}`;
  const yaml = `pipelines:\n  - name: ${name}\n    steps:\n${steps.map((step) => `      - ${step}\n`).join("")}`;
  const { applyPipelines } = await kit.graphql<{ applyPipelines: { __typename: string } }>(
    `mutation ($yaml: String!) { applyPipelines(input: { yaml: $yaml }) { __typename ... on Error { message } } }`,
    { yaml },
  );
  if (applyPipelines.__typename !== "ApplyPipelinesSuccess") throw new Error(JSON.stringify(applyPipelines));
  const { createRun } = await kit.graphql<{
    createRun: { run: { id: string; number: number; steps: { id: string }[] } };
  }>(
    `mutation ($input: CreateRunInput!) { createRun(input: $input) {
       ... on CreateRunSuccess { run { id number steps { id } } } ... on Error { message } } }`,
    { input: { pipeline: name, prompt: "a test", ...input } },
  );
  if (!createRun.run) throw new Error(JSON.stringify(createRun));
  return { id: createRun.run.id, number: createRun.run.number, stepIds: createRun.run.steps.map(({ id }) => id) };
}

/** Resolves once `holds`, which is tried now and after each event of any run. */
export async function until(kit: ServerKit, holds: () => Promise<boolean>): Promise<void> {
  const seen = changes(kit.server.engine.tail, () => [true]);
  try {
    await seen.ready;
    while (!(await holds())) await seen.next();
  } finally {
    await seen.return?.();
  }
}

export async function untilStep(kit: ServerKit, stepId: string, status: string): Promise<void> {
  await until(kit, async () => {
    const { node } = await kit.graphql<{ node: { status: string } }>(
      `query ($id: ID!) { node(id: $id) { ... on RunStep { status } } }`,
      { id: stepId },
    );
    return node.status === status;
  });
}

/** Ids of a step's candidates, in the order of their arrival. */
export async function candidatesOf(kit: ServerKit, stepId: string): Promise<string[]> {
  const { node } = await kit.graphql<{ node: { candidates: { edges: { node: { id: string } }[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on RunStep { candidates(first: 100) { edges { node { id } } } } } }`,
    { id: stepId },
  );
  return node.candidates.edges.map(({ node: { id } }) => id);
}

/** The ids of a step's candidates by their places, which is how they are called, and not how they came. */
export async function candidatesByPlace(kit: ServerKit, stepId: string): Promise<string[]> {
  const { node } = await kit.graphql<{ node: { candidates: { edges: { node: { id: string; ordinal: number } }[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on RunStep { candidates(first: 100) { edges { node { id ordinal } } } } } }`,
    { id: stepId },
  );
  const candidates = node.candidates.edges.map((edge) => edge.node);
  return candidates.toSorted((one, other) => one.ordinal - other.ordinal).map(({ id }) => id);
}

/** Every pair of a list, each once. */
export function pairsOf<T>(values: readonly T[]): (readonly [T, T])[] {
  return values.flatMap((left, index) => values.slice(index + 1).map((right) => [left, right] as const));
}

export async function vote(
  kit: ServerKit,
  [leftId, rightId]: readonly [string, string],
  options: { as?: string; outcome?: string } = {},
): Promise<string> {
  const { castVote } = await kit.graphql<{ castVote: { __typename: string; vote: { id: string } } }>(
    `mutation ($input: CastVoteInput!) { castVote(input: $input) {
       __typename ... on CastVoteSuccess { vote { id } } ... on Error { message } } }`,
    { input: { leftId, rightId, outcome: options.outcome ?? "LEFT" } },
    { as: options.as ?? "ada" },
  );
  if (castVote.__typename !== "CastVoteSuccess") throw new Error(JSON.stringify(castVote));
  return castVote.vote.id;
}

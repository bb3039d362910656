import { changes } from "@sluice/engine";
import type { ServerKit } from "./server-kit.ts";

/** A run as a client knows it. */
export interface ApiRun {
  readonly id: string;
  readonly number: number;
}

export interface ApiStep {
  readonly id: string;
  readonly position: number;
  readonly status: string;
  readonly statusLabel: string;
  readonly approved: boolean;
  readonly approvedAt: string | null;
  readonly approvedBy: { readonly name: string } | null;
  readonly comment: string | null;
  readonly topKCount: number;
  readonly candidateCount: number;
  readonly advancingCount: number;
  readonly inFlightJobs: number;
  readonly pendingApproval: { readonly status: string } | null;
}

export interface ApiPreview {
  readonly topK: number;
  readonly rankingVersion: number;
  readonly canApprove: boolean;
  readonly blockers: readonly string[];
  readonly warnings: readonly string[];
  readonly advancingCount: number;
  readonly jobsToCreate: number;
  readonly ranked: readonly {
    readonly rank: number;
    readonly willAdvance: boolean;
    readonly candidate: { readonly id: string; readonly elo: number; readonly voteCount: number };
  }[];
}

/** What a mutation answered: success or typed error. */
export interface ApiAnswer {
  readonly __typename: string;
  readonly message?: string;
}

/** Applies a pipeline through the API; each step is a mapping as in `pipelines.yaml`. */
export async function applyPipeline(kit: ServerKit, name: string, steps: readonly string[]): Promise<void> {
  const yaml = ["pipelines:", `  - name: ${name}`, "    steps:", ...steps.map((step) => `      - ${step}`)].join("\n");
  const answer = await mutate(kit, "applyPipelines", { yaml });
  if (answer.__typename !== "ApplyPipelinesSuccess") throw new Error(answer.message);
}

export async function createRun(kit: ServerKit, pipeline: string, input: object = {}): Promise<ApiRun> {
  const { createRun } = await kit.graphql<{ createRun: { run: ApiRun } }>(
    `mutation ($input: CreateRunInput!) { createRun(input: $input) {
       ... on CreateRunSuccess { run { id number } } ... on Error { message } } }`,
    { input: { pipeline, prompt: "a bakery", ...input } },
  );
  return createRun.run;
}

/** Runs one mutation of the contract; its input is named after it. */
export async function mutate(kit: ServerKit, name: string, input: object, as = "ada"): Promise<ApiAnswer> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const answer = await kit.graphql<Record<string, ApiAnswer>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on Error { message } } }`,
    { input },
    { as },
  );
  return answer[name] as ApiAnswer;
}

export async function stepsOf(kit: ServerKit, run: ApiRun): Promise<readonly ApiStep[]> {
  const answer = await kit.graphql<{ run: { steps: readonly ApiStep[] } }>(
    `query ($id: ID!) { run(id: $id) { steps {
       id position status statusLabel approved approvedAt approvedBy { name } comment topKCount candidateCount
       advancingCount inFlightJobs pendingApproval { status } } } }`,
    { id: run.id },
  );
  return answer.run.steps;
}

/** Fails where there is no such step. */
export async function stepOf(kit: ServerKit, run: ApiRun, position: number): Promise<ApiStep> {
  const step = (await stepsOf(kit, run))[position - 1];
  if (!step) throw new Error(`Run #${run.number} has no step ${position}.`);
  return step;
}

export async function previewOf(kit: ServerKit, run: ApiRun, position: number, topK?: number): Promise<ApiPreview> {
  const { id } = await stepOf(kit, run, position);
  const { node } = await kit.graphql<{ node: { approvalPreview: ApiPreview } }>(
    `query ($id: ID!, $topK: Int) { node(id: $id) { ... on RunStep { approvalPreview(topK: $topK) {
       topK rankingVersion canApprove blockers warnings advancingCount jobsToCreate
       ranked { rank willAdvance candidate { id elo voteCount } } } } } }`,
    { id, topK },
  );
  return node.approvalPreview;
}

export async function approve(
  kit: ServerKit,
  run: ApiRun,
  position: number,
  input: object = {},
  as?: string,
): Promise<ApiAnswer> {
  return await mutate(kit, "approveStep", { stepId: (await stepOf(kit, run, position)).id, ...input }, as);
}

/** Resolves once the step is so far: tried now and after each event of the run. */
export async function untilStep(kit: ServerKit, run: ApiRun, position: number, status: string): Promise<void> {
  await until(kit, run, async () => (await stepOf(kit, run, position)).status === status);
}

export async function until(kit: ServerKit, run: ApiRun, holds: () => Promise<boolean>): Promise<void> {
  const seen = changes(kit.server.engine.tail, (event) => (event.runId === run.number ? [event.seq] : []));
  try {
    await seen.ready;
    while (!(await holds())) await seen.next();
  } finally {
    await seen.return?.();
  }
}

/** Sets the ratings of a step's candidates, in the order of their ids, as if they had been voted. */
export async function rate(kit: ServerKit, run: ApiRun, position: number, elos: readonly number[]): Promise<void> {
  const rated = await kit.db.query(
    `UPDATE candidates c SET elo = ($3::float8[])[place.nth]
     FROM (SELECT c.id, row_number() OVER (ORDER BY c.id) AS nth
           FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id
           WHERE c.pipeline_run_id = $1 AND rs.position = $2) place WHERE place.id = c.id`,
    [run.number, position, elos],
  );
  if (rated !== elos.length) throw new Error(`${rated} candidates, but ${elos.length} ratings.`);
}

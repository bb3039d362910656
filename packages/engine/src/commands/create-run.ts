import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { queryable } from "../db/queryable.ts";
import type { GatePolicy, StepKind } from "../db/rows.ts";
import { inLockedRun, type LockedRun, withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import type { Json } from "../jobs/generator.ts";
import { gateOf } from "../rules/gate-of.ts";
import { assertStorable } from "../rules/storable.ts";

export interface CreateRunInput {
  /** The pipeline's name; its newest version is used, and kept. */
  readonly pipeline: string;
  /** The pipeline's name where it is left out. */
  readonly name?: string | null | undefined;
  /** Empty where it is left out. */
  readonly prompt?: string | null | undefined;
  /** An object; what it holds is given to the generators. */
  readonly variables?: Json | undefined;
  /** N, 1 to 100. */
  readonly maxChildrenPerNode?: number | null | undefined;
  /** K, from 1. */
  readonly defaultTopK?: number | null | undefined;
  readonly reviewFirstStep?: boolean | null | undefined;
}

/** More children per parent than people can compare, and a guard against a slip of the keyboard. */
export const MAX_N = 100;
const MAX_PROMPT = 20_000;
const MAX_NAME = 200;

/**
 * G1: creates a run with all its run steps, and queues the jobs of its first one, in one transaction.
 *
 * @returns the run's id
 * @throws ForbiddenError, InvalidInputError (with the field)
 */
export async function createRun(deps: EngineDeps, actor: Actor, input: CreateRunInput): Promise<{ runId: number }> {
  assertMay(actor, "OPERATE");
  const wanted = checkInput(input);
  return await withTransaction(deps, async (client) => {
    const db = queryable(client);
    const pipeline = await db.maybe<PipelineRow>(
      `SELECT id, name, default_n AS "defaultN", default_k AS "defaultK", rating_model AS "ratingModel"
       FROM pipelines WHERE name = $1 ORDER BY version DESC LIMIT 1`,
      [input.pipeline],
    );
    if (!pipeline) {
      throw new InvalidInputError(`There is no pipeline named "${input.pipeline}".`, "pipeline");
    }
    const n = wanted.n ?? pipeline.defaultN;
    const k = wanted.k ?? pipeline.defaultK;
    const run = await db.one<LockedRun>(
      `INSERT INTO pipeline_runs (pipeline_id, name, prompt, variables, max_children_per_node, default_top_k, created_by_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       RETURNING id, name, pipeline_id AS "pipelineId", status, event_seq AS "eventSeq",
         default_top_k AS "defaultTopK", max_children_per_node AS "maxChildrenPerNode", created_by_id AS "createdById"`,
      [pipeline.id, wanted.name ?? pipeline.name, wanted.prompt, JSON.stringify(input.variables ?? {}), n, k, actor.id],
    );
    return await inLockedRun(db, { ...run, ratingModel: pipeline.ratingModel }, actor, async (tx) => {
      tx.emit("run_created", { pipelineId: pipeline.id });
      const steps = await tx.many<StepRow>(
        `SELECT id, position, kind, gate, max_children AS "maxChildren", top_k AS "topK"
         FROM pipeline_steps WHERE pipeline_id = $1 ORDER BY position`,
        [pipeline.id],
      );
      await insertRunSteps(
        tx,
        steps.map((step) => {
          const gate = gateOf(step, { gates: deps.gates, reviewFirstStep: input.reviewFirstStep ?? false });
          // N and K that were asked for with the run go before what the pipeline's step prefers.
          return {
            stepId: step.id,
            position: step.position,
            gate,
            k: wanted.k ?? step.topK ?? k,
            n: wanted.n ?? step.maxChildren ?? (step.kind === "AGENT" ? 1 : n),
            approved: gate !== "MANUAL",
          };
        }),
      );
      await advanceRun(tx);
      return { runId: run.id };
    });
  });
}

interface PipelineRow {
  id: number;
  name: string;
  defaultN: number;
  defaultK: number;
  ratingModel: "BRADLEY_TERRY" | "ELO";
}

interface StepRow {
  id: number;
  position: number;
  kind: StepKind;
  gate: GatePolicy | null;
  maxChildren: number | null;
  topK: number | null;
}

async function insertRunSteps(
  tx: Parameters<Parameters<typeof inLockedRun>[3]>[0],
  steps: readonly { stepId: number; position: number; gate: GatePolicy; k: number; n: number; approved: boolean }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO pipeline_run_steps
       (pipeline_run_id, pipeline_step_id, position, gate, top_k_count, max_children, approved, approved_at,
        open_slots, expected_candidates)
     SELECT $1, s."stepId", s.position, s.gate, s.k, s.n, s.approved, CASE WHEN s.approved THEN now() END,
       CASE WHEN s.position = 1 AND p.kind <> 'APPROVAL' THEN s.n ELSE 0 END,
       CASE WHEN s.position = 1 AND p.kind <> 'APPROVAL' THEN s.n ELSE 0 END
     FROM jsonb_to_recordset($2::jsonb)
       AS s("stepId" int, position int, gate gate_policy, k int, n int, approved boolean)
     JOIN pipeline_steps p ON p.id = s."stepId"`,
    [tx.run.id, JSON.stringify(steps)],
  );
}

function checkInput(input: CreateRunInput): {
  name: string | null;
  prompt: string;
  n: number | null;
  k: number | null;
} {
  const n = input.maxChildrenPerNode ?? null;
  if (n !== null && !(Number.isInteger(n) && n >= 1 && n <= MAX_N)) {
    throw new InvalidInputError(
      `N (maxChildrenPerNode) must be a whole number from 1 to ${MAX_N}.`,
      "maxChildrenPerNode",
    );
  }
  const k = input.defaultTopK ?? null;
  if (k !== null && !(Number.isInteger(k) && k >= 1))
    throw new InvalidInputError("K must be at least 1", "defaultTopK");
  const prompt = input.prompt ?? "";
  if (prompt.length > MAX_PROMPT) {
    throw new InvalidInputError(`The prompt is longer than ${MAX_PROMPT} characters.`, "prompt");
  }
  const variables = input.variables ?? {};
  if (typeof variables !== "object" || variables === null || Array.isArray(variables)) {
    throw new InvalidInputError('Variables must be a JSON object, such as {"style": "calm"}.', "variables");
  }
  const name = input.name?.trim() || null;
  if (name && name.length > MAX_NAME)
    throw new InvalidInputError(`The name is longer than ${MAX_NAME} characters.`, "name");
  for (const [field, value] of Object.entries({ pipeline: input.pipeline, name, prompt, variables })) {
    assertStorable(value, `The ${field}`, field);
  }
  return { name, prompt, n, k };
}

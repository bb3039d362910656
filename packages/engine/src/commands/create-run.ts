import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { insertRunSteps, pipelineSteps } from "../advance/insert-run-steps.ts";
import { queryable } from "../db/queryable.ts";
import { inLockedRun, type LockedRun, withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError, StalePipelineError } from "../errors.ts";
import type { Json } from "../jobs/generator.ts";
import type { ApprovalTemplate } from "../pipelines/definition.ts";
import { findTemplate, planStep, type RunWishes } from "../rules/step-plan.ts";
import { assertStorable } from "../rules/storable.ts";
import { type BudgetInput, checkBudget, checkName, checkSizes } from "./run-input.ts";

/** Of the budget, what is left out or null is the pipeline's. */
export interface CreateRunInput extends BudgetInput {
  /** The pipeline's name; its newest version is used, and kept. */
  readonly pipeline: string;
  /** The version that was looked at: where there is a newer one, no run begins. */
  readonly pipelineVersion?: number | null | undefined;
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
  /** Name of one of the pipeline's approval templates: its K and policies take the place of the steps' own. */
  readonly approvalTemplate?: string | null | undefined;
}

const MAX_PROMPT = 20_000;

/**
 * G1: creates a run with all its run steps, and queues the jobs of its first one, in one transaction.
 *
 * @returns the run's id
 * @throws ForbiddenError, InvalidInputError (with the field), StalePipelineError
 */
export async function createRun(deps: EngineDeps, actor: Actor, input: CreateRunInput): Promise<{ runId: number }> {
  assertMay(actor, "OPERATE");
  const wanted = checkInput(input);
  return await withTransaction(deps, async (client) => {
    const db = queryable(client);
    const pipeline = await db.maybe<PipelineRow>(
      `SELECT id, name, version, default_n AS "defaultN", default_k AS "defaultK", rating_model AS "ratingModel",
              approval_templates AS "approvalTemplates", max_jobs AS "maxJobs", max_cost_usd AS "maxCostUsd"
       FROM pipelines WHERE name = $1 ORDER BY version DESC LIMIT 1`,
      [input.pipeline],
    );
    if (!pipeline) {
      throw new InvalidInputError(`There is no pipeline named "${input.pipeline}".`, "pipeline");
    }
    assertSeen(pipeline, input.pipelineVersion ?? pipeline.version);
    const template = findTemplate(pipeline.approvalTemplates, input.approvalTemplate);
    const n = wanted.n ?? pipeline.defaultN;
    const k = wanted.k ?? pipeline.defaultK;
    const run = await db.one<LockedRun>(
      `INSERT INTO pipeline_runs (pipeline_id, name, prompt, variables, max_children_per_node, default_top_k, created_by_id,
         approval_template, max_jobs, max_cost_usd)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       RETURNING id, name, pipeline_id AS "pipelineId", status, event_seq AS "eventSeq",
         default_top_k AS "defaultTopK", max_children_per_node AS "maxChildrenPerNode", created_by_id AS "createdById"`,
      [
        pipeline.id,
        wanted.name ?? pipeline.name,
        wanted.prompt,
        JSON.stringify(input.variables ?? {}),
        n,
        k,
        actor.id,
        template?.name ?? null,
        input.maxJobs ?? pipeline.maxJobs,
        input.maxCostUsd ?? pipeline.maxCostUsd,
      ],
    );
    return await inLockedRun(db, { ...run, ratingModel: pipeline.ratingModel }, actor, async (tx) => {
      tx.emit("run_created", { pipelineId: pipeline.id });
      const wishes: RunWishes = {
        gates: deps.gates,
        reviewFirstStep: input.reviewFirstStep ?? false,
        n: wanted.n,
        k: wanted.k,
        defaultN: n,
        defaultK: k,
        template,
      };
      const steps = await pipelineSteps(tx, pipeline.id);
      await insertRunSteps(
        tx,
        steps.map((step) => planStep(step, wishes)),
      );
      await advanceRun(tx);
      return { runId: run.id };
    });
  });
}

interface PipelineRow {
  id: number;
  name: string;
  version: number;
  defaultN: number;
  defaultK: number;
  ratingModel: "BRADLEY_TERRY" | "ELO";
  approvalTemplates: ApprovalTemplate[];
  maxJobs: number | null;
  maxCostUsd: number | null;
}

function assertSeen({ name, version }: PipelineRow, seen: number): void {
  if (version > seen) throw new StalePipelineError(name, version, seen, "run");
  if (version === seen) return;
  throw new InvalidInputError(
    `There is no version ${seen} of "${name}": its newest is version ${version}.`,
    "pipelineVersion",
  );
}

function checkInput(input: CreateRunInput): {
  name: string | null;
  prompt: string;
  n: number | null;
  k: number | null;
} {
  const { n, k } = checkSizes(input);
  checkBudget(input);
  const prompt = input.prompt ?? "";
  if (prompt.length > MAX_PROMPT) {
    throw new InvalidInputError(`The prompt is longer than ${MAX_PROMPT} characters.`, "prompt");
  }
  const variables = input.variables ?? {};
  if (typeof variables !== "object" || variables === null || Array.isArray(variables)) {
    throw new InvalidInputError('Variables must be a JSON object, such as {"style": "calm"}.', "variables");
  }
  const name = checkName(input.name);
  for (const [field, value] of Object.entries({ pipeline: input.pipeline, name, prompt, variables })) {
    assertStorable(value, `The ${field}`, field);
  }
  return { name, prompt, n, k };
}

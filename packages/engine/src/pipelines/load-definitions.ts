import type { Queryable } from "../db/queryable.ts";
import type { PipelineDefinition, StepDefinition } from "./definition.ts";

/**
 * Versions of pipelines as they are stored, in two statements.
 *
 * @param ids of the versions; those that are not there are left out
 */
export async function loadDefinitions(
  db: Queryable,
  ids: readonly number[],
): Promise<ReadonlyMap<number, PipelineDefinition>> {
  const rows = await db.many<Omit<PipelineDefinition, "steps"> & { id: number }>(
    `SELECT id, name, description, default_n AS "defaultN", default_k AS "defaultK", rating_model AS "ratingModel",
            max_jobs AS "maxJobs", max_cost_usd AS "maxCostUsd", approval_templates AS "approvalTemplates"
     FROM pipelines WHERE id = ANY($1)`,
    [ids],
  );
  const steps = await db.many<StepDefinition & { pipelineId: number }>(
    `SELECT pipeline_id AS "pipelineId", name, kind, description, generator, config, gate,
            max_children AS "maxChildren", top_k AS "topK", stall_after_seconds AS "stallAfterSeconds",
            failure_budget AS "failureBudget", policy
     FROM pipeline_steps WHERE pipeline_id = ANY($1) ORDER BY pipeline_id, position`,
    [ids],
  );
  const byPipeline = Map.groupBy(steps, ({ pipelineId }) => pipelineId);
  return new Map(
    rows.map(({ id, ...pipeline }) => [
      id,
      { ...pipeline, steps: (byPipeline.get(id) ?? []).map(({ pipelineId: _, ...step }) => step) },
    ]),
  );
}

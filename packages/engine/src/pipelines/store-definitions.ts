import type { Queryable } from "../db/queryable.ts";
import type { PipelineDefinition } from "./definition.ts";
import { loadDefinitions } from "./load-definitions.ts";

/** Key of the advisory lock that whoever adds versions of pipelines holds until its transaction ends. */
const PIPELINES_LOCK = 7_366_700_001;

/** Waits until nobody else adds pipelines: what is read after it is what they left. Held until the transaction ends. */
export async function lockPipelines(tx: Queryable): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock($1)`, [PIPELINES_LOCK]);
}

/**
 * Makes each definition the newest version of its pipeline, where it is not that already. Under `lockPipelines`.
 *
 * @returns the ids of those versions, in the order of the definitions
 */
export async function storeDefinitions(tx: Queryable, definitions: readonly PipelineDefinition[]): Promise<number[]> {
  const ids: number[] = [];
  for (const definition of definitions) {
    const newest = await newestVersion(tx, definition.name);
    const same = newest !== undefined && canonical(newest.definition) === canonical(definition);
    ids.push(same ? newest.id : await insertVersion(tx, definition, (newest?.version ?? 0) + 1));
  }
  return ids;
}

async function newestVersion(
  tx: Queryable,
  name: string,
): Promise<{ id: number; version: number; definition: PipelineDefinition } | undefined> {
  const row = await tx.maybe<{ id: number; version: number }>(
    `SELECT id, version FROM pipelines WHERE name = $1 ORDER BY version DESC LIMIT 1`,
    [name],
  );
  const definition = row && (await loadDefinitions(tx, [row.id])).get(row.id);
  return definition && { ...row, definition };
}

async function insertVersion(tx: Queryable, definition: PipelineDefinition, version: number): Promise<number> {
  const { id } = await tx.one<{ id: number }>(
    `INSERT INTO pipelines (name, version, description, default_n, default_k, rating_model, max_jobs, max_cost_usd,
       approval_templates)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
    [
      definition.name,
      version,
      definition.description,
      definition.defaultN,
      definition.defaultK,
      definition.ratingModel,
      definition.maxJobs,
      definition.maxCostUsd,
      JSON.stringify(definition.approvalTemplates),
    ],
  );
  await tx.query(
    `INSERT INTO pipeline_steps (pipeline_id, position, name, kind, description, generator, config, gate, max_children,
       top_k, stall_after_seconds, failure_budget, policy)
     SELECT $1, s.position, s.name, s.kind, s.description, s.generator, s.config, s.gate, s."maxChildren", s."topK",
       s."stallAfterSeconds", s."failureBudget", s.policy
     FROM jsonb_to_recordset($2::jsonb) AS s(position int, name text, kind step_kind, description text, generator text,
       config jsonb, gate gate_policy, "maxChildren" int, "topK" int, "stallAfterSeconds" int, "failureBudget" int, policy jsonb)
     ORDER BY s.position`,
    [id, JSON.stringify(definition.steps.map((step, index) => ({ ...step, position: index + 1 })))],
  );
  return id;
}

/** JSON with the keys in order: the database keeps a config's content, not the order it was written in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

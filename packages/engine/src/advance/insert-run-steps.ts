import type { RunTransaction } from "../db/run-transaction.ts";
import type { PlannedStep, StepPlan } from "../rules/step-plan.ts";

/** The steps of a pipeline, by position. */
export async function pipelineSteps(tx: Pick<RunTransaction, "many">, pipelineId: number): Promise<PlannedStep[]> {
  return await tx.many(
    `SELECT id, position, kind, gate, max_children AS "maxChildren", top_k AS "topK", policy
     FROM pipeline_steps WHERE pipeline_id = $1 ORDER BY position`,
    [pipelineId],
  );
}

/** G1: gives a new run its steps; those of the first are open slots at once. */
export async function insertRunSteps(tx: RunTransaction, steps: readonly StepPlan[]): Promise<void> {
  await tx.query(
    `INSERT INTO pipeline_run_steps
       (pipeline_run_id, pipeline_step_id, position, gate, top_k_count, max_children, approved, approved_at, policy,
        open_slots, expected_candidates)
     SELECT $1, s."stepId", s.position, s.gate, s.k, s.n, s.approved, CASE WHEN s.approved THEN now() END, s.policy,
       CASE WHEN s.position = 1 AND p.kind <> 'APPROVAL' THEN s.n ELSE 0 END,
       CASE WHEN s.position = 1 AND p.kind <> 'APPROVAL' THEN s.n ELSE 0 END
     FROM jsonb_to_recordset($2::jsonb)
       AS s("stepId" int, position int, gate gate_policy, k int, n int, approved boolean, policy jsonb)
     JOIN pipeline_steps p ON p.id = s."stepId"`,
    [tx.run.id, JSON.stringify(steps)],
  );
}

import type { RunTransaction } from "../db/run-transaction.ts";
import type { StepState } from "./step-state.ts";

/** A3: a person is asked to decide a gate. */
export async function requestApproval(tx: RunTransaction, step: StepState): Promise<void> {
  step.status = "AWAITING_APPROVAL";
  await tx.query(`UPDATE pipeline_run_steps SET status = 'AWAITING_APPROVAL' WHERE id = $1`, [step.id]);
  tx.emit("step_status_changed", { runStepId: step.id, status: "AWAITING_APPROVAL" });
  const { id } = await tx.one<{ id: number }>(
    `INSERT INTO approvals (pipeline_run_id, pipeline_run_step_id) VALUES ($1, $2) RETURNING id`,
    [tx.run.id, step.id],
  );
  tx.emit("approval_requested", { runStepId: step.id, approvalId: id });
}

/** The gate cannot be decided any more for now: its step makes candidates again. */
export async function withdrawApproval(tx: RunTransaction, step: StepState): Promise<void> {
  const approval = await tx.maybe<{ id: number }>(
    `UPDATE approvals SET status = 'CANCELLED', decided_at = now()
     WHERE pipeline_run_step_id = $1 AND status = 'PENDING' RETURNING id`,
    [step.id],
  );
  if (approval) tx.emit("approval_cancelled", { runStepId: step.id, approvalId: approval.id });
}

/** What is kept of a decision. */
export interface Decision {
  readonly status: "APPROVED" | "REJECTED";
  readonly actorId: number;
  readonly comment: string | null;
  readonly topK: number | null;
  /** What was seen, as JSON. */
  readonly snapshot: unknown;
}

/**
 * Records a decision in the request that waits for it, or in one of its own where nobody was asked yet.
 *
 * @returns the approval's id
 */
export async function recordDecision(tx: RunTransaction, step: StepState, decision: Decision): Promise<number> {
  const { id } = await tx.one<{ id: number }>(
    `WITH answered AS (
       UPDATE approvals SET status = $3::approval_status, decided_by_id = $4, decided_at = now(), comment = $5, top_k = $6,
         ranking_version = $7, snapshot = $8
       WHERE pipeline_run_step_id = $2 AND status = 'PENDING' RETURNING id
     ), added AS (
       INSERT INTO approvals (pipeline_run_id, pipeline_run_step_id, status, decided_by_id, decided_at, comment, top_k,
         ranking_version, snapshot)
       SELECT $1, $2, $3::approval_status, $4, now(), $5, $6, $7, $8 WHERE NOT EXISTS (SELECT 1 FROM answered)
       RETURNING id
     )
     SELECT id FROM answered UNION ALL SELECT id FROM added`,
    [
      tx.run.id,
      step.id,
      decision.status,
      decision.actorId,
      decision.comment,
      decision.topK,
      step.rankingVersion,
      decision.snapshot === null ? null : JSON.stringify(decision.snapshot),
    ],
  );
  return id;
}

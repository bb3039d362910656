import { auditCancelledRequests } from "../audit/cancelled-requests.ts";
import { type Decision, decisionRecord } from "../audit/decision-record.ts";
import type { RunTransaction } from "../db/run-transaction.ts";
import type { StepState } from "./step-state.ts";

/** A3: a person is asked to decide a gate. */
export async function requestApproval(tx: RunTransaction, step: StepState): Promise<void> {
  step.status = "AWAITING_APPROVAL";
  await tx.query(`UPDATE pipeline_run_steps SET status = 'AWAITING_APPROVAL' WHERE id = $1`, [step.id]);
  tx.emit("step_status_changed", { runStepId: step.id, status: "AWAITING_APPROVAL" });
  const { id } = await tx.one<{ id: number }>(
    `INSERT INTO approvals (pipeline_run_id, pipeline_run_step_id, round) VALUES ($1, $2, $3) RETURNING id`,
    [tx.run.id, step.id, step.round],
  );
  tx.emit("approval_requested", { runStepId: step.id, approvalId: id });
}

/** A request for a decision. */
export interface AskedRequest {
  readonly id: number;
  /** Null where nobody had been asked. */
  readonly requestedAt: Date | null;
}

/** The request that waits for this step's decision; one is made where nobody was asked yet. */
export async function pendingRequest(tx: RunTransaction, step: StepState): Promise<AskedRequest> {
  return await tx.one<AskedRequest>(
    `WITH asked AS (
       SELECT id, requested_at FROM approvals WHERE pipeline_run_step_id = $2 AND status = 'PENDING'
     ), added AS (
       INSERT INTO approvals (pipeline_run_id, pipeline_run_step_id, round)
       SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM asked) RETURNING id
     )
     SELECT id, requested_at AS "requestedAt" FROM asked UNION ALL SELECT id, NULL FROM added`,
    [tx.run.id, step.id, step.round],
  );
}

/** The gate cannot be decided any more for now: its step makes candidates again. */
export async function withdrawApproval(tx: RunTransaction, step: StepState): Promise<void> {
  const approval = await tx.maybe<{ id: number }>(
    `UPDATE approvals SET status = 'CANCELLED', decided_at = now()
     WHERE pipeline_run_step_id = $1 AND status = 'PENDING' RETURNING id`,
    [step.id],
  );
  if (!approval) return;
  tx.emit("approval_cancelled", { runStepId: step.id, approvalId: approval.id });
  await auditCancelledRequests(tx, [approval.id], "The step makes candidates again.");
}

/**
 * Records a decision in the request that waits for it, or in one of its own where nobody was asked yet. Every decision
 * comes through here, whoever makes it and by whatever way.
 *
 * @returns the approval's id
 */
export async function recordDecision(tx: RunTransaction, step: StepState, decision: Decision): Promise<number> {
  const approval = await tx.one<AskedRequest>(
    `WITH answered AS (
       UPDATE approvals SET status = $3::approval_status, decided_by_id = $4, decided_at = now(), comment = $5, top_k = $6,
         ranking_version = $7, snapshot = $8, channel = $9::channel, override_reason = $10, policy = $11, round = $12,
         sent_back_to = $13
       WHERE pipeline_run_step_id = $2 AND status = 'PENDING' RETURNING id, requested_at
     ), added AS (
       INSERT INTO approvals (pipeline_run_id, pipeline_run_step_id, status, decided_by_id, decided_at, comment, top_k,
         ranking_version, snapshot, channel, override_reason, policy, round, sent_back_to)
       SELECT $1, $2, $3::approval_status, $4, now(), $5, $6, $7, $8, $9::channel, $10, $11, $12, $13
       WHERE NOT EXISTS (SELECT 1 FROM answered)
       RETURNING id
     )
     SELECT id, requested_at AS "requestedAt" FROM answered UNION ALL SELECT id, NULL FROM added`,
    [
      tx.run.id,
      step.id,
      decision.status,
      decision.actorId,
      decision.comment,
      decision.topK,
      step.rankingVersion,
      decision.snapshot === null ? null : JSON.stringify(decision.snapshot),
      decision.channel,
      decision.overrideReason,
      JSON.stringify(decision.policy),
      step.round,
      decision.sentBackTo ?? null,
    ],
  );
  tx.audit(decisionRecord(tx.actor, step, decision, approval));
  return approval.id;
}

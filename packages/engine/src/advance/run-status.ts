import { auditCancelledRequests } from "../audit/cancelled-requests.ts";
import type { RunStatus } from "../db/rows.ts";
import type { RunTransaction } from "../db/run-transaction.ts";
import { dropUnfinished } from "../jobs/unfinished-work.ts";
import { resolveAllAlerts } from "./alerts.ts";

export async function setRunStatus(tx: RunTransaction, status: RunStatus, reason: string | null = null): Promise<void> {
  if (tx.run.status === status) return;
  tx.run.status = status;
  await tx.query(
    `UPDATE pipeline_runs SET status = $2::run_status, status_reason = $3,
       finished_at = CASE WHEN $2 IN ('RUNNING', 'WAITING_FOR_APPROVAL') THEN NULL ELSE now() END,
       ended_by_id = CASE WHEN $2 IN ('REJECTED', 'ABORTED') THEN $4::int END
     WHERE id = $1`,
    [tx.run.id, status, reason, tx.actor?.id ?? null],
  );
  tx.emit("run_status_changed", { status, reason });
}

/**
 * Ends a run: what is queued is cancelled, running jobs find their slot unwanted and stop, whoever waits for a
 * decision stops waiting, and every alert resolves.
 */
export async function endRun(
  tx: RunTransaction,
  status: "COMPLETED" | "REJECTED" | "FAILED" | "ABORTED",
  reason: string | null,
): Promise<void> {
  await cancelJobs(tx, null);
  await tx.query(`UPDATE candidates SET open_slots = 0 WHERE pipeline_run_id = $1 AND open_slots > 0`, [tx.run.id]);
  await tx.query(`UPDATE pipeline_run_steps SET open_slots = 0 WHERE pipeline_run_id = $1 AND open_slots > 0`, [
    tx.run.id,
  ]);
  const cancelled = await tx.many<{ approvalId: number; runStepId: number }>(
    `UPDATE approvals SET status = 'CANCELLED', decided_at = now()
     WHERE pipeline_run_id = $1 AND status = 'PENDING' RETURNING id AS "approvalId", pipeline_run_step_id AS "runStepId"`,
    [tx.run.id],
  );
  for (const approval of cancelled) tx.emit("approval_cancelled", approval);
  await auditCancelledRequests(
    tx,
    cancelled.map(({ approvalId }) => approvalId),
    reason,
  );
  await resolveAllAlerts(tx);
  await setRunStatus(tx, status, reason);
}

/** Cancels jobs in flight: of one parent, or of the whole run. */
export async function cancelJobs(
  tx: RunTransaction,
  only: { parentId: number; status: "QUEUED" } | null,
): Promise<{ runStepId: number; count: number }[]> {
  const cancelled = await tx.many<{ runStepId: number; jobIds: number[] }>(
    `WITH gone AS (
       UPDATE jobs SET status = 'CANCELLED', finished_at = now()
       WHERE pipeline_run_id = $1 AND status IN ('QUEUED', 'RUNNING')
         AND ($2::int IS NULL OR (parent_id = $2 AND status = 'QUEUED'))
       RETURNING id, pipeline_run_step_id
     )
     SELECT pipeline_run_step_id AS "runStepId", array_agg(id) AS "jobIds" FROM gone GROUP BY 1 ORDER BY 1`,
    [tx.run.id, only?.parentId ?? null],
  );
  await dropUnfinished(
    tx,
    cancelled.flatMap(({ jobIds }) => jobIds),
  );
  const counts = cancelled.map(({ runStepId, jobIds }) => ({ runStepId, count: jobIds.length }));
  for (const each of counts) tx.emit("jobs_cancelled", each);
  return counts;
}

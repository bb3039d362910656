import type { RunTransaction } from "../db/run-transaction.ts";

/** Records that requests were taken back before anybody answered: by whom, where a person caused it, and why. */
export async function auditCancelledRequests(
  tx: RunTransaction,
  approvalIds: readonly number[],
  reason: string | null,
): Promise<void> {
  if (approvalIds.length === 0) return;
  const requests = await tx.many<{
    approvalId: number;
    requestedAt: Date;
    id: number;
    position: number;
    name: string;
    round: number;
  }>(
    `SELECT a.id AS "approvalId", a.requested_at AS "requestedAt", rs.id, rs.position, s.name, a.round
     FROM approvals a JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
     JOIN pipeline_steps s ON s.id = rs.pipeline_step_id WHERE a.id = ANY($1) ORDER BY a.id`,
    [approvalIds],
  );
  for (const { approvalId, requestedAt, ...step } of requests) {
    tx.audit({
      type: "cancelled",
      step,
      approvalId,
      actor: tx.actor,
      channel: tx.actor?.channel ?? null,
      topK: null,
      rankingVersion: null,
      shown: null,
      confidence: null,
      comment: reason,
      overrideReason: null,
      policy: null,
      requestedAt,
      sentBackTo: null,
    });
  }
}

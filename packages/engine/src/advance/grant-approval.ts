import type { Channel } from "../actor.ts";
import type { RunTransaction } from "../db/run-transaction.ts";
import { resolveAlerts } from "./alerts.ts";
import { recordDecision } from "./approval-request.ts";
import { openGate } from "./gates.ts";
import type { StepState } from "./step-state.ts";

/** A decision to open a gate, with everything checked that it needs. */
export interface Grant {
  readonly topK: number;
  /** Null where the step's automatic policy decides. */
  readonly actorId: number | null;
  readonly channel: Channel;
  readonly comment: string | null;
  /** What the steps that follow are told, where that is more than the comment. */
  readonly notes?: string | null;
  /** What was seen. */
  readonly snapshot: unknown;
  readonly overrideReason: string | null;
}

/**
 * Opens a gate by a decision: freezes what advances, records who decided what, and tells of it. The run is advanced by
 * the caller.
 *
 * @returns the approval's id
 */
export async function grantApproval(
  tx: RunTransaction,
  steps: readonly StepState[],
  step: StepState,
  grant: Grant,
): Promise<number> {
  const { topK, actorId, comment } = grant;
  await tx.query(
    `UPDATE pipeline_run_steps
     SET planned_top_k = coalesce(planned_top_k, top_k_count), top_k_count = $2, comment = $3, approved_by_id = $4
     WHERE id = $1`,
    [step.id, topK, grant.notes ?? comment, actorId],
  );
  const advancing = await openGate(tx, steps, step, topK);
  const approvalId = await recordDecision(tx, step, {
    status: "APPROVED",
    actorId,
    channel: grant.channel,
    comment,
    topK,
    snapshot: grant.snapshot,
    overrideReason: grant.overrideReason,
    policy: step.policy,
  });
  tx.emit("approval_granted", { runStepId: step.id, approvalId, topK, advancing, comment });
  await resolveAlerts(tx, step.id, ["APPROVAL_STALLED", "GENERATION_FAILING"]);
  return approvalId;
}

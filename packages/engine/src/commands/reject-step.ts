import { assertMayDecide } from "../access.ts";
import type { Actor } from "../actor.ts";
import { recordDecision } from "../advance/approval-request.ts";
import { endRun } from "../advance/run-status.ts";
import { loadSteps } from "../advance/step-state.ts";
import { findRunId } from "../db/find-run.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { assertPreviousOpen, assertUndecided, checkComment, gateToDecide, stepOf } from "./decision-checks.ts";

/**
 * G8: keeps a gate closed for good, which ends the run. A step may be rejected while it still generates.
 *
 * @throws NotFoundError, ForbiddenError, ApprovalFinalError, RunNotActiveError, PreviousStepUnapprovedError
 */
export async function rejectStep(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly runStepId: number; readonly comment?: string | null | undefined },
): Promise<{ runId: number; runStepId: number; eventSeq: number }> {
  const runId = await findRunId(deps, "step", input.runStepId);
  const comment = checkComment(input.comment);
  return await withRun(deps, runId, actor, async (tx) => {
    const steps = await loadSteps(tx);
    const step = stepOf(steps, input.runStepId);
    assertMayDecide(actor, gateToDecide(tx.run, step));
    assertUndecided(tx.run, step);
    assertPreviousOpen(steps, step);
    await tx.query(`UPDATE pipeline_run_steps SET status = 'REJECTED', comment = $2 WHERE id = $1`, [step.id, comment]);
    tx.emit("step_status_changed", { runStepId: step.id, status: "REJECTED" });
    const approvalId = await recordDecision(tx, step, {
      status: "REJECTED",
      actorId: actor.id,
      comment,
      topK: null,
      snapshot: null,
    });
    tx.emit("approval_rejected", { runStepId: step.id, approvalId, comment });
    await endRun(tx, "REJECTED", comment);
    return { runId, runStepId: step.id, eventSeq: tx.run.eventSeq };
  });
}

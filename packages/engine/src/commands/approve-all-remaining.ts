import { assertMayDecide } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { resolveAlerts } from "../advance/alerts.ts";
import { recordDecision } from "../advance/approval-request.ts";
import { openGate, rankableCandidates } from "../advance/gates.ts";
import { loadSteps } from "../advance/step-state.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { ApprovalFinalError, InvalidTopKError, NoCandidatesError } from "../errors.ts";
import { approvalSnapshot } from "../queries/approval-snapshot.ts";
import { assertActive, checkComment, gateToDecide } from "./decision-checks.ts";

/**
 * G9: approves the step that waits and turns every later manual gate of the run automatic, with one K. Each is
 * recorded as decided by this person, now; what advances through the later ones is fixed when they settle.
 *
 * @throws NotFoundError, ForbiddenError, InvalidTopKError, RunNotActiveError; ApprovalFinalError when no gate is left
 *   to decide; NoCandidatesError when the waiting step has none
 */
export async function approveAllRemaining(
  deps: EngineDeps,
  actor: Actor,
  input: {
    readonly runId: number;
    readonly topK?: number | null | undefined;
    readonly comment?: string | null | undefined;
  },
): Promise<{ runId: number; eventSeq: number }> {
  const comment = checkComment(input.comment);
  return await withRun(deps, input.runId, actor, async (tx) => {
    const steps = await loadSteps(tx);
    const remaining = steps.filter((step) => !step.approved && step.status !== "REJECTED");
    for (const step of remaining) assertMayDecide(actor, gateToDecide(tx.run, step));
    const k = input.topK ?? tx.run.defaultTopK;
    if (!(Number.isInteger(k) && k >= 1 && k <= 2_147_483_647)) throw new InvalidTopKError();
    // G6 before G5: who comes second hears that the decisions are made, even where they ended the run.
    const last = steps.at(-1);
    if (remaining.length === 0 && last) throw new ApprovalFinalError(last.id);
    assertActive(tx.run);

    for (const step of remaining) {
      const waiting = step.status === "AWAITING_APPROVAL";
      if (waiting && step.kind !== "APPROVAL" && (await rankableCandidates(tx, step)).length === 0) {
        throw new NoCandidatesError(step.position);
      }
      const snapshot = waiting ? await approvalSnapshot(tx, step, k) : null;
      await tx.query(
        `UPDATE pipeline_run_steps
         SET top_k_count = $2, comment = $3, approved_by_id = $4, approved = true, approved_at = now(),
             gate = CASE WHEN status = 'AWAITING_APPROVAL' THEN gate ELSE 'AUTO' END
         WHERE id = $1`,
        [step.id, k, comment, actor.id],
      );
      const approvalId = await recordDecision(tx, step, {
        status: "APPROVED",
        actorId: actor.id,
        comment,
        topK: k,
        snapshot,
      });
      const advancing = waiting ? await openGate(tx, steps, step, k) : 0;
      tx.emit("approval_granted", { runStepId: step.id, approvalId, topK: k, advancing, comment });
      await resolveAlerts(tx, step.id, ["APPROVAL_STALLED"]);
    }
    await advanceRun(tx);
    return { runId: tx.run.id, eventSeq: tx.run.eventSeq };
  });
}

import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import type { AskedRequest } from "../advance/approval-request.ts";
import { rankableCandidates } from "../advance/gates.ts";
import { countingNow, loadSignOffs } from "../advance/sign-offs.ts";
import { loadSteps } from "../advance/step-state.ts";
import { withdrawnSignOffRecord } from "../audit/sign-off-record.ts";
import { findRunId } from "../db/find-run.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import { quorumOf } from "../rules/decision-policy.ts";
import { rankCandidates } from "../rules/ranking.ts";
import { assertUndecided, gateToDecide, stepOf } from "./decision-checks.ts";

/**
 * Takes back one's own sign-off, as long as the gate is not decided.
 *
 * @throws NotFoundError when there is none, ForbiddenError, ApprovalFinalError, RunNotActiveError
 */
export async function withdrawSignOff(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly runStepId: number },
): Promise<{ runId: number; runStepId: number; approvalId: number; eventSeq: number }> {
  assertMay(actor, "DECIDE");
  const runId = await findRunId(deps, "step", input.runStepId);
  return await withRun(deps, runId, actor, async (tx) => {
    const steps = await loadSteps(tx);
    const step = stepOf(steps, input.runStepId);
    assertUndecided(tx.run, step);
    const request = await tx.maybe<AskedRequest>(
      `UPDATE sign_offs s SET withdrawn_at = now() FROM approvals a
       WHERE a.id = s.approval_id AND a.pipeline_run_step_id = $1 AND a.status = 'PENDING'
         AND s.actor_id = $2 AND s.withdrawn_at IS NULL
       RETURNING a.id, a.requested_at AS "requestedAt"`,
      [step.id, actor.id],
    );
    if (!request) throw new NotFoundError(`${actor.name} has not signed off on this gate.`);
    const approvalId = request.id;
    tx.audit(withdrawnSignOffRecord(actor, step, request));
    const ranked = rankCandidates(await rankableCandidates(tx, step));
    const left = countingNow(await loadSignOffs(tx, [approvalId]), gateToDecide(tx.run, step), ranked);
    tx.emit("approval_sign_off_withdrawn", {
      runStepId: step.id,
      approvalId,
      signOffs: left.length,
      required: quorumOf(step.policy),
    });
    return { runId, runStepId: step.id, approvalId, eventSeq: tx.run.eventSeq };
  });
}

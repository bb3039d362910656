import { assertMayDecide } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { resolveAlerts } from "../advance/alerts.ts";
import { recordDecision } from "../advance/approval-request.ts";
import { openGate, rankableCandidates } from "../advance/gates.ts";
import { loadSteps } from "../advance/step-state.ts";
import { findRunId } from "../db/find-run.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidTopKError, NoCandidatesError, StaleRankingError } from "../errors.ts";
import { approvalSnapshot } from "../queries/approval-snapshot.ts";
import {
  assertNothingInFlight,
  assertPreviousOpen,
  assertUndecided,
  checkComment,
  gateToDecide,
  stepOf,
} from "./decision-checks.ts";

export interface ApproveStepInput {
  readonly runStepId: number;
  /** K; the run step's own where it is left out. */
  readonly topK?: number | null | undefined;
  readonly comment?: string | null | undefined;
  /** G7: what the approver saw. A ranking that is newer is refused. */
  readonly rankingVersion?: number | null | undefined;
}

/** The largest K that the database keeps. */
const MAX_K = 2_147_483_647;

/**
 * Opens a step's gate: freezes the K best candidates as the parents of the next step and queues that step's jobs.
 *
 * @returns the run, and the number of its last event: a client that has seen that event has seen all of this
 * @throws NotFoundError, ForbiddenError, InvalidTopKError, ApprovalFinalError, RunNotActiveError,
 *   PreviousStepUnapprovedError, StillGeneratingError, NoCandidatesError, StaleRankingError (G4–G7)
 */
export async function approveStep(
  deps: EngineDeps,
  actor: Actor,
  input: ApproveStepInput,
): Promise<{ runId: number; runStepId: number; eventSeq: number }> {
  const runId = await findRunId(deps, "step", input.runStepId);
  const comment = checkComment(input.comment);
  return await withRun(deps, runId, actor, async (tx) => {
    const steps = await loadSteps(tx);
    const step = stepOf(steps, input.runStepId);
    assertMayDecide(actor, gateToDecide(tx.run, step));
    const k = input.topK ?? step.topKCount;
    if (!(Number.isInteger(k) && k >= 1 && k <= MAX_K)) throw new InvalidTopKError();
    assertUndecided(tx.run, step);
    // Behind a gate that was open all the time, "still generating" says more than "not approved".
    if (step.kind === "APPROVAL" && step.status === "GENERATING") assertNothingInFlight(steps, step);
    assertPreviousOpen(steps, step);
    assertNothingInFlight(steps, step);
    const candidates = await rankableCandidates(tx, step);
    if (candidates.length === 0 && step.kind !== "APPROVAL") throw new NoCandidatesError(step.position);
    const seen = input.rankingVersion ?? null;
    if (seen !== null && seen !== step.rankingVersion) throw new StaleRankingError(seen, step.rankingVersion);

    const snapshot = await approvalSnapshot(tx, step, k);
    await tx.query(`UPDATE pipeline_run_steps SET top_k_count = $2, comment = $3, approved_by_id = $4 WHERE id = $1`, [
      step.id,
      k,
      comment,
      actor.id,
    ]);
    const advancing = await openGate(tx, steps, step, k);
    const approvalId = await recordDecision(tx, step, {
      status: "APPROVED",
      actorId: actor.id,
      comment,
      topK: k,
      snapshot,
    });
    tx.emit("approval_granted", { runStepId: step.id, approvalId, topK: k, advancing, comment });
    await resolveAlerts(tx, step.id, ["APPROVAL_STALLED", "GENERATION_FAILING"]);
    await advanceRun(tx);
    return { runId, runStepId: step.id, eventSeq: tx.run.eventSeq };
  });
}

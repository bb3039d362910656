import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { expectMore } from "../advance/gates.ts";
import { childStepOf } from "../advance/step-state.ts";
import { changedCandidateRecord } from "../audit/change-record.ts";
import { findRunId } from "../db/find-run.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { StepClosedError } from "../errors.ts";
import type { RunEventData } from "../events/event-types.ts";
import { assertRoundGoesOn, type CandidateToDecide, candidateToDecide, stepToChange } from "./candidate-checks.ts";
import { assertActive } from "./decision-checks.ts";

/**
 * G13, the way back: takes a candidate in again that was rejected before its gate was decided. It is ranked, voted on and
 * chosen as before, with the votes that it has. A replacement that nobody has begun is given up for it; one that is
 * being made, or is there, stays, and the step then has one candidate more. Where it was a parent already, behind a
 * gate that is open all the time, it has its children to come again. Restoring one that is not rejected changes nothing.
 *
 * It takes whoever may reject it, and is recorded like that.
 *
 * @throws NotFoundError, ForbiddenError, RunNotActiveError; StepClosedError when what advances is fixed, or the
 *   candidate's round is over
 */
export async function restoreCandidate(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly candidateId: number },
): Promise<{ candidateId: number; runId: number; runStepId: number }> {
  assertMay(actor, "DECIDE");
  const { candidateId } = input;
  const runId = await findRunId(deps, "candidate", candidateId);
  return await withRun(deps, runId, actor, async (tx) => {
    const { decider, candidate } = await candidateToDecide(tx, actor, candidateId);
    const result = { candidateId, runId, runStepId: candidate.runStepId };
    if (candidate.status === "ACTIVE") return result;
    const { steps, step } = await stepToChange(tx, decider, candidate);
    assertActive(tx.run);
    assertRoundGoesOn(step, candidate);
    if (step.frozen) {
      throw new StepClosedError(
        `Step ${step.position} is decided: what advances through it is fixed. Fork the run at this step to decide it anew.`,
      );
    }
    const rejection = await lastRejection(tx, candidateId);
    const child = childStepOf(steps, step.id);
    const childSlots = step.gate === "OPEN" && child ? (rejection?.childSlots ?? 0) : 0;
    await tx.query(
      `UPDATE candidates SET status = 'ACTIVE', rejected_at = NULL, open_slots = $3,
         advancement = (CASE WHEN $2 THEN 'ADVANCING' ELSE 'UNDECIDED' END)::advancement
       WHERE id = $1`,
      [candidateId, step.gate === "OPEN", childSlots],
    );
    await tx.query(`UPDATE pipeline_run_steps SET ranking_version = ranking_version + 1 WHERE id = $1`, [step.id]);
    if (child) await expectMore(tx, child, childSlots);
    const replaced = rejection?.replaced ?? false;
    const inStead = replaced && (await giveUpReplacement(tx, candidate));
    // The slot of a replacement is this candidate's own: what has neither is one more.
    if (!inStead) await expectMore(tx, step, 1);
    tx.emit("candidate_restored", { runStepId: step.id, candidateId });
    tx.audit(
      changedCandidateRecord("candidate_restored", decider, step, {
        id: candidateId,
        replaced: replaced && !inStead,
        afterDecision: false,
      }),
    );
    await advanceRun(tx);
    return result;
  });
}

/** What was said of the candidate when it was rejected; undefined where it came into this run rejected, by a fork. */
async function lastRejection(
  tx: RunTransaction,
  candidateId: number,
): Promise<Partial<RunEventData["candidate_rejected"]> | undefined> {
  const event = await tx.maybe<{ data: Partial<RunEventData["candidate_rejected"]> }>(
    `SELECT data FROM run_events
     WHERE pipeline_run_id = $1 AND type = 'candidate_rejected' AND (data ->> 'candidateId')::int = $2
     ORDER BY seq DESC LIMIT 1`,
    [tx.run.id, candidateId],
  );
  return event?.data;
}

/**
 * Cancels the last job of the candidate's parent that nobody has begun. Slots of one parent are alike, so where the
 * replacement was begun before another of them, it is the other one that is not needed.
 *
 * @returns false when there is none
 */
async function giveUpReplacement(
  tx: RunTransaction,
  { runStepId, parentId, round }: CandidateToDecide,
): Promise<boolean> {
  const cancelled = await tx.query(
    `UPDATE jobs SET status = 'CANCELLED', finished_at = now() WHERE id = (
       SELECT id FROM jobs
       WHERE pipeline_run_step_id = $1 AND status = 'QUEUED' AND parent_id IS NOT DISTINCT FROM $2::int AND round = $3
         AND started_at IS NULL
       ORDER BY ordinal DESC LIMIT 1)`,
    [runStepId, parentId, round],
  );
  if (cancelled > 0) tx.emit("jobs_cancelled", { runStepId, count: cancelled });
  return cancelled > 0;
}

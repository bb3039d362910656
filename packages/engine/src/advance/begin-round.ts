import type { RunTransaction } from "../db/run-transaction.ts";
import { NoCandidatesError } from "../errors.ts";
import { resolveAlerts } from "./alerts.ts";
import type { StepState } from "./step-state.ts";

/**
 * Begins a new round of some steps that follow each other: what they made stays to be looked at but is out, nothing
 * about them is decided any more, and the first of them has its slots open anew. Their gates and their K are as the run
 * was created with: a gate that "approve all remaining" had turned automatic waits for a person again, and a K that was
 * decided was for the candidates of that round.
 *
 * `advanceRun` has to follow: it begins the first of the steps.
 *
 * @param steps all of the run
 * @param again those that begin a round, by position, with nothing in flight
 * @throws NoCandidatesError when no parent is left that the first one could make anything from
 */
export async function beginRound(
  tx: RunTransaction,
  steps: readonly StepState[],
  again: readonly [StepState, ...StepState[]],
): Promise<void> {
  const ids = again.map(({ id }) => id);
  // What a person took out stays taken out; how candidates advanced is kept with them.
  await tx.query(
    `UPDATE candidates SET status = 'SUPERSEDED', open_slots = 0 WHERE pipeline_run_step_id = ANY($1) AND status = 'ACTIVE'`,
    [ids],
  );
  // An automatic gate that somebody decided was a manual one. The ranking's version goes on rising: what was seen in an
  // earlier round is never current again.
  await tx.query(
    `UPDATE pipeline_run_steps rs
     SET round = round + 1, ranking_version = ranking_version + 1, status = 'BLOCKED', gate = created.gate,
         approved = created.gate <> 'MANUAL', approved_at = CASE WHEN created.gate <> 'MANUAL' THEN now() END,
         top_k_count = coalesce(rs.planned_top_k, rs.top_k_count), planned_top_k = NULL,
         approved_by_id = NULL, comment = NULL, frozen_at = NULL, settled_at = NULL, last_progress_at = NULL,
         expected_candidates = 0, open_slots = 0, failed_attempts = 0
     FROM (
       SELECT id, CASE WHEN gate = 'AUTO' AND approved_by_id IS NOT NULL THEN 'MANUAL' ELSE gate END AS gate
       FROM pipeline_run_steps
     ) created
     WHERE rs.id = ANY($1) AND created.id = rs.id`,
    [ids],
  );
  await openSlots(tx, steps, again[0]);
  for (const step of again) {
    await resolveAlerts(tx, step.id, ["APPROVAL_STALLED", "GENERATION_STALLED", "GENERATION_FAILING"]);
    if (step !== again[0]) tx.emit("step_status_changed", { runStepId: step.id, status: "BLOCKED" });
  }
}

/** N new slots: for each parent that advances, or without one in the first step. Their ordinals go on, and so seeds differ. */
async function openSlots(tx: RunTransaction, steps: readonly StepState[], step: StepState): Promise<void> {
  const previous = steps[step.position - 2];
  if (!previous) {
    await tx.query(
      `UPDATE pipeline_run_steps SET open_slots = max_children, expected_candidates = max_children WHERE id = $1`,
      [step.id],
    );
    return;
  }
  const parents = await tx.query(
    `UPDATE candidates SET open_slots = $2
     WHERE pipeline_run_step_id = $1 AND status = 'ACTIVE' AND advancement = 'ADVANCING'`,
    [previous.sourceId, step.maxChildren],
  );
  if (parents === 0) throw new NoCandidatesError(previous.position, "parents");
  await tx.query(`UPDATE pipeline_run_steps SET expected_candidates = $2 WHERE id = $1`, [
    step.id,
    parents * step.maxChildren,
  ]);
}

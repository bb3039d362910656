// What every decision about one candidate begins with: no command of its own, so that rejecting and restoring ask the same.

import { assertMay } from "../access.ts";
import type { Actor, ActorNow } from "../actor.ts";
import { loadSteps, type StepState } from "../advance/step-state.ts";
import { actorNow } from "../db/actor-now.ts";
import type { RunTransaction } from "../db/run-transaction.ts";
import { NotFoundError, StepClosedError } from "../errors.ts";
import { assertMayDecideAll, stepOf } from "./decision-checks.ts";

export interface CandidateToDecide {
  readonly runStepId: number;
  readonly parentId: number | null;
  readonly status: string;
  readonly round: number;
  /** How many children of it are still to be asked for. */
  readonly openSlots: number;
}

/**
 * A candidate under its run's lock, and whoever decides about it as they are now.
 *
 * @throws ForbiddenError, NotFoundError
 */
export async function candidateToDecide(
  tx: RunTransaction,
  actor: Actor,
  candidateId: number,
): Promise<{ decider: ActorNow; candidate: CandidateToDecide }> {
  const decider = await actorNow(tx, actor);
  assertMay(decider, "DECIDE");
  const candidate = await tx.maybe<CandidateToDecide>(
    `SELECT pipeline_run_step_id AS "runStepId", parent_id AS "parentId", status, round, open_slots AS "openSlots"
     FROM candidates WHERE id = $1`,
    [candidateId],
  );
  if (!candidate) throw new NotFoundError("There is no such candidate.");
  return { decider, candidate };
}

/**
 * The step of a candidate, among all of its run, for somebody who may decide the gates that rank it (G12).
 *
 * @throws ForbiddenError
 */
export async function stepToChange(
  tx: RunTransaction,
  decider: ActorNow,
  { runStepId }: CandidateToDecide,
): Promise<{ steps: readonly StepState[]; step: StepState }> {
  const steps = await loadSteps(tx);
  const step = stepOf(steps, runStepId);
  assertMayDecideAll(
    decider,
    tx.run,
    steps.filter(({ sourceId }) => sourceId === step.id),
  );
  return { steps, step };
}

/** @throws StepClosedError when the candidate's round is over */
export function assertRoundGoesOn(step: StepState, { round }: CandidateToDecide): void {
  if (round < step.round) {
    throw new StepClosedError(`Step ${step.position} was sent back: candidates of an earlier round stay as they are.`);
  }
}

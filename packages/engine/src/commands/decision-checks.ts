import type { GateToDecide } from "../access.ts";
import type { StepState } from "../advance/step-state.ts";
import { isActive } from "../db/rows.ts";
import type { LockedRun } from "../db/run-transaction.ts";
import {
  ApprovalFinalError,
  type FinishedRunStatus,
  InvalidInputError,
  NotFoundError,
  PreviousStepUnapprovedError,
  RunNotActiveError,
  StillGeneratingError,
} from "../errors.ts";
import { assertStorable } from "../rules/storable.ts";

export function stepOf(steps: readonly StepState[], runStepId: number): StepState {
  const step = steps.find(({ id }) => id === runStepId);
  if (!step) throw new NotFoundError("There is no such step.");
  return step;
}

/** What G12 looks at. */
export function gateToDecide(run: LockedRun, step: StepState): GateToDecide {
  return { runId: run.id, runStepId: step.id, createdById: run.createdById, policy: step.policy };
}

/** G6 before G5: who comes second hears that the decision is made, even where it ended the run. */
export function assertUndecided(run: LockedRun, step: StepState): void {
  if (step.approved || step.status === "REJECTED") throw new ApprovalFinalError(step.id);
  assertActive(run);
}

export function assertActive(run: LockedRun): void {
  if (!isActive(run.status)) throw new RunNotActiveError(run.id, run.status satisfies FinishedRunStatus);
}

/** G5: gates open in order. Names the first closed one. */
export function assertPreviousOpen(steps: readonly StepState[], step: StepState): void {
  for (const previous of steps) {
    if (previous.position >= step.position) return;
    if (previous.status !== "APPROVED") throw new PreviousStepUnapprovedError(previous);
  }
}

/** No job of the step is in flight; for an APPROVAL step, none of the step whose candidates it closes. */
export function assertNothingInFlight(steps: readonly StepState[], step: StepState): void {
  const source = steps.find(({ id }) => id === step.sourceId) ?? step;
  const inFlight = source.inFlight + source.openSlots;
  if (inFlight > 0) throw new StillGeneratingError(source.position, inFlight);
}

const MAX_COMMENT = 10_000;

/**
 * What somebody says with a decision. Empty means none.
 *
 * @throws InvalidInputError when it is too long or cannot be stored
 */
export function checkComment(comment: string | null | undefined): string | null {
  const text = comment?.trim() || null;
  if (text && text.length > MAX_COMMENT) {
    throw new InvalidInputError(`The comment is longer than ${MAX_COMMENT} characters.`, "comment");
  }
  assertStorable(text, "The comment", "comment");
  return text;
}

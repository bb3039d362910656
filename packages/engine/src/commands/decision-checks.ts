import type { GateToDecide } from "../access.ts";
import type { StepState } from "../advance/step-state.ts";
import { isActive } from "../db/rows.ts";
import type { LockedRun } from "../db/run-transaction.ts";
import {
  ApprovalFinalError,
  type FinishedRunStatus,
  InvalidInputError,
  InvalidTopKError,
  NotFoundError,
  PolicyUnmetError,
  PreviousStepUnapprovedError,
  RunNotActiveError,
  StaleRoundError,
  StillGeneratingError,
} from "../errors.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";
import { type Evidence, unmetEvidence } from "../rules/evidence.ts";
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

/** F6: a decision about a round that was sent back meanwhile is none about what came after it. */
export function assertRound(step: StepState, round: number | null | undefined): void {
  if ((round ?? step.round) !== step.round) throw new StaleRoundError(step.position, round ?? 1, step.round);
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

/** The largest K that the database keeps. */
const MAX_K = 2_147_483_647;

/** G4 */
export function assertTopK(k: number): void {
  if (!(Number.isInteger(k) && k >= 1 && k <= MAX_K)) throw new InvalidTopKError();
}

/**
 * What the policy asks to be known before a person opens the gate.
 *
 * @param reason why to go ahead without it
 * @returns the reason where it was needed, else null: an approval does not show a reason that overrode nothing
 * @throws PolicyUnmetError when something is missing and there is no reason
 */
export function assertEvidence(policy: DecisionPolicy, evidence: Evidence, reason: string | null): string | null {
  const unmet = unmetEvidence(policy, evidence);
  if (unmet.length === 0) return null;
  if (reason !== null) return reason;
  throw new PolicyUnmetError(unmet, {
    overridable: true,
    todo: "Vote more, or approve with a reason (overrideReason) why this is enough.",
  });
}

const MAX_COMMENT = 10_000;
const MAX_REASON = 2_000;

/**
 * Why somebody goes ahead without what a policy asks for. Empty means none.
 *
 * @throws InvalidInputError when it is too long or cannot be stored
 */
export function checkReason(reason: string | null | undefined): string | null {
  const text = reason?.trim() || null;
  if (text && text.length > MAX_REASON) {
    throw new InvalidInputError(`The reason is longer than ${MAX_REASON} characters.`, "overrideReason");
  }
  assertStorable(text, "The reason", "overrideReason");
  return text;
}

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

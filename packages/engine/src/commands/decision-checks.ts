// What decisions about gates check before they change anything: no command of its own, but what the commands share, so
// that no way to decide checks less than another.

import { assertMayDecide, type GateToDecide } from "../access.ts";
import type { Actor, ActorNow } from "../actor.ts";
import { loadSteps, type StepState } from "../advance/step-state.ts";
import { actorNow } from "../db/actor-now.ts";
import { isActive } from "../db/rows.ts";
import type { LockedRun, RunTransaction } from "../db/run-transaction.ts";
import {
  ApprovalFinalError,
  type FinishedRunStatus,
  InvalidInputError,
  InvalidTopKError,
  NotFoundError,
  PolicyUnmetError,
  PreviousStepUnapprovedError,
  RunNotActiveError,
  StaleRankingError,
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

/**
 * How every decision about one gate begins, under the run's lock: the step among all of its run, and whoever decides as
 * they are now, who may (G12), in the round that they saw (F6).
 *
 * @throws NotFoundError, ForbiddenError, StaleRoundError
 */
export async function decidingStep(
  tx: RunTransaction,
  actor: Actor,
  asked: { readonly runStepId: number; readonly round?: number | null | undefined },
): Promise<{ decider: ActorNow; steps: readonly StepState[]; step: StepState }> {
  const decider = await actorNow(tx, actor);
  const steps = await loadSteps(tx);
  const step = stepOf(steps, asked.runStepId);
  assertMayDecide(decider, gateToDecide(tx.run, step));
  assertRound(step, asked.round);
  return { decider, steps, step };
}

/**
 * G12 for what changes the outcome of several gates: whoever does it may decide each of them. A gate that is open all the
 * time is decided by nobody.
 *
 * @throws ForbiddenError
 */
export function assertMayDecideAll(decider: ActorNow, run: LockedRun, steps: readonly StepState[]): void {
  for (const step of steps) if (step.gate !== "OPEN") assertMayDecide(decider, gateToDecide(run, step));
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

/** G7: a decision about a ranking that changed meanwhile is none about what it is now. */
export function assertRanking(step: StepState, seen: number | null | undefined): void {
  if ((seen ?? step.rankingVersion) !== step.rankingVersion) {
    throw new StaleRankingError(seen ?? 0, step.rankingVersion);
  }
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

/** Characters. */
export const MAX_COMMENT = 10_000;
/** Characters. */
export const MAX_REASON = 2_000;

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

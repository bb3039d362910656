import type { Actor } from "../actor.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";
import type { AuditRecord, BudgetChange, ChangedCandidate, ImportedCandidate } from "./audit-entry.ts";
import type { DecidedStep } from "./decision-record.ts";

/** As it was before the change, so that its ranking is the one that they saw. */
type StepThen = DecidedStep & { readonly policy: DecisionPolicy };

/** What the chain records of a candidate that somebody took out, or took in again. */
export function changedCandidateRecord(
  type: "candidate_rejected" | "candidate_restored",
  actor: Actor,
  step: StepThen,
  candidate: ChangedCandidate,
): AuditRecord {
  return { ...nothingDecided(actor, step), type, candidate };
}

/** What the chain records of candidates that came from elsewhere, to stand beside those that the step made. */
export function importRecord(actor: Actor, step: StepThen, imported: readonly ImportedCandidate[]): AuditRecord {
  return { ...nothingDecided(actor, step), type: "candidates_imported", imported };
}

/**
 * What the chain records of another budget for a run.
 *
 * @param step at which the run was then
 */
export function budgetRecord(actor: Actor, step: StepThen, budget: BudgetChange): AuditRecord {
  return { ...nothingDecided(actor, step), type: "budget_changed", budget };
}

function nothingDecided(actor: Actor, step: StepThen): Omit<AuditRecord, "type"> {
  return {
    step,
    approvalId: null,
    actor,
    channel: actor.channel,
    topK: null,
    rankingVersion: step.rankingVersion,
    shown: null,
    confidence: null,
    comment: null,
    overrideReason: null,
    policy: step.policy,
    requestedAt: null,
    sentBackTo: null,
  };
}

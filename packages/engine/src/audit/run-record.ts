import type { Actor } from "../actor.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";
import type { AuditRecord, BudgetChange, ImportedCandidate } from "./audit-entry.ts";
import type { DecidedStep } from "./decision-record.ts";

/** What the chain records of candidates that came from elsewhere, to stand beside those that the step made. */
export function importRecord(
  actor: Actor,
  step: DecidedStep & { readonly policy: DecisionPolicy },
  imported: readonly ImportedCandidate[],
): AuditRecord {
  return { ...nothingDecided(actor, step), type: "candidates_imported", imported };
}

/**
 * What the chain records of another budget for a run.
 *
 * @param step at which the run was then
 */
export function budgetRecord(
  actor: Actor,
  step: DecidedStep & { readonly policy: DecisionPolicy },
  budget: BudgetChange,
): AuditRecord {
  return { ...nothingDecided(actor, step), type: "budget_changed", budget };
}

function nothingDecided(
  actor: Actor,
  step: DecidedStep & { readonly policy: DecisionPolicy },
): Omit<AuditRecord, "type"> {
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

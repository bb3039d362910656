import type { Actor } from "../actor.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";
import type { AuditRecord, ChangedCandidate } from "./audit-entry.ts";
import type { DecidedStep } from "./decision-record.ts";

/**
 * What the chain records of a candidate that somebody took out, or took in again.
 *
 * @param step as it was before, so that its ranking is the one that they saw
 */
export function changedCandidateRecord(
  type: "candidate_rejected" | "candidate_restored",
  actor: Actor,
  step: DecidedStep & { readonly policy: DecisionPolicy },
  candidate: ChangedCandidate,
): AuditRecord {
  return {
    type,
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
    candidate,
  };
}

import type { Actor } from "../actor.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";
import type { AuditRecord, RejectedCandidate } from "./audit-entry.ts";
import type { DecidedStep } from "./decision-record.ts";

/**
 * What the chain records of a candidate that somebody took out.
 *
 * @param step as it was before, so that its ranking is the one that they saw
 */
export function rejectedCandidateRecord(
  actor: Actor,
  step: DecidedStep & { readonly policy: DecisionPolicy },
  candidate: RejectedCandidate,
): AuditRecord {
  return {
    type: "candidate_rejected",
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

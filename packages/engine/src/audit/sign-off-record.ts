import type { Actor } from "../actor.ts";
import type { AskedRequest } from "../advance/approval-request.ts";
import type { Cut } from "../advance/sign-offs.ts";
import type { ApprovalSnapshot } from "../queries/approval-snapshot.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";
import type { AuditRecord } from "./audit-entry.ts";
import type { DecidedStep } from "./decision-record.ts";

/** What somebody says with their consent, and what they saw. */
export interface Consent extends Cut {
  readonly comment: string | null;
  /** Why the evidence that the policy asks for was not waited for. */
  readonly overrideReason: string | null;
  readonly snapshot: ApprovalSnapshot;
}

/**
 * What the chain records of one person's consent, where a gate needs that of several.
 *
 * @param request that waits for them
 */
export function signOffRecord(
  actor: Actor,
  step: DecidedStep & { readonly policy: DecisionPolicy },
  request: AskedRequest,
  consent: Consent,
): AuditRecord {
  const { topK, advancing, comment, overrideReason, snapshot } = consent;
  return {
    type: "signed_off",
    step,
    approvalId: request.id,
    actor,
    channel: actor.channel,
    topK,
    rankingVersion: step.rankingVersion,
    shown: snapshot.ranked.map(({ id, elo, votes }) => ({
      id,
      elo,
      voteCount: votes,
      advances: advancing.includes(id),
    })),
    confidence: snapshot.topKConfidence,
    comment,
    overrideReason,
    policy: step.policy,
    requestedAt: request.requestedAt,
    sentBackTo: null,
  };
}

/** The same of a consent that its person took back. */
export function withdrawnSignOffRecord(
  actor: Actor,
  step: Omit<DecidedStep, "rankingVersion">,
  request: AskedRequest,
): AuditRecord {
  return {
    type: "sign_off_withdrawn",
    step,
    approvalId: request.id,
    actor,
    channel: actor.channel,
    topK: null,
    rankingVersion: null,
    shown: null,
    confidence: null,
    comment: null,
    overrideReason: null,
    policy: null,
    requestedAt: request.requestedAt,
    sentBackTo: null,
  };
}

import type { Actor } from "../actor.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";
import type { AuditRecord } from "./audit-entry.ts";

/** What the chain records of one person's consent, where a gate needs that of several. */
export function signOffRecord(
  actor: Actor,
  step: {
    readonly id: number;
    readonly position: number;
    readonly name: string;
    readonly round: number;
    readonly rankingVersion: number;
    readonly policy: DecisionPolicy;
  },
  signOff: {
    readonly approvalId: number;
    readonly topK: number;
    /** Ids of the candidates that would advance. */
    readonly advancing: readonly number[];
    readonly comment: string | null;
    readonly overrideReason: string | null;
    readonly snapshot: {
      readonly ranked: readonly { readonly id: number; readonly elo: number; readonly votes: number }[];
      readonly topKConfidence: number;
    };
  },
): AuditRecord {
  const { approvalId, topK, advancing, comment, overrideReason, snapshot } = signOff;
  return {
    type: "signed_off",
    step,
    approvalId,
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
    requestedAt: null,
    sentBackTo: null,
  };
}

/** The same of a consent that its person took back. */
export function withdrawnSignOffRecord(
  actor: Actor,
  step: { readonly id: number; readonly position: number; readonly name: string; readonly round: number },
  approvalId: number,
): AuditRecord {
  return {
    type: "sign_off_withdrawn",
    step,
    approvalId,
    actor,
    channel: actor.channel,
    topK: null,
    rankingVersion: null,
    shown: null,
    confidence: null,
    comment: null,
    overrideReason: null,
    policy: null,
    requestedAt: null,
    sentBackTo: null,
  };
}

import type { Actor, Channel } from "../actor.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";
import type { AuditRecord, AuditType, ShownCandidate } from "./audit-entry.ts";

/** What is kept of a decision. */
export interface Decision {
  readonly status: "APPROVED" | "REJECTED" | "SENT_BACK";
  /** Null where the step's automatic policy decided. */
  readonly actorId: number | null;
  readonly channel: Channel;
  readonly comment: string | null;
  /** Null where nothing advances. */
  readonly topK: number | null;
  /** What was seen, as JSON. */
  readonly snapshot: unknown;
  /** Why the evidence that the policy asks for was not waited for. */
  readonly overrideReason: string | null;
  /** The policy in force. */
  readonly policy: DecisionPolicy;
  /** Position of the step that it is sent back to. */
  readonly sentBackTo?: number;
}

/** The step, as it is when its gate is decided. */
export interface DecidedStep {
  readonly id: number;
  readonly position: number;
  readonly name: string;
  readonly round: number;
  readonly rankingVersion: number;
}

/**
 * What the chain records of a decision.
 *
 * @param actor who is acting; left out of the record where the step's policy decided
 * @param approval the request that was answered; `requestedAt` is null where nobody had been asked
 */
export function decisionRecord(
  actor: Actor | null,
  step: DecidedStep,
  decision: Decision,
  approval: { readonly id: number; readonly requestedAt: Date | null },
): AuditRecord {
  const seen = seenIn(decision.snapshot);
  const advancing = decision.status === "APPROVED" ? (decision.topK ?? 0) : 0;
  return {
    type: typeOf(decision, seen !== null),
    step,
    approvalId: approval.id,
    actor: decision.actorId === null ? null : actor,
    channel: decision.channel,
    topK: decision.topK,
    rankingVersion: step.rankingVersion,
    shown: seen?.ranked.map((candidate, place) => shown(candidate, place < advancing)) ?? null,
    confidence: seen?.topKConfidence ?? null,
    comment: decision.comment,
    overrideReason: decision.overrideReason,
    policy: decision.policy,
    requestedAt: approval.requestedAt,
    sentBackTo: decision.sentBackTo ?? null,
  };
}

function typeOf({ status, actorId }: Decision, somethingWasSeen: boolean): AuditType {
  switch (status) {
    case "APPROVED":
      if (actorId === null) return "approved_by_policy";
      return somethingWasSeen ? "approved" : "approved_in_advance";
    case "REJECTED":
      return "rejected";
    case "SENT_BACK":
      return "sent_back";
    default:
      return status satisfies never;
  }
}

interface Seen {
  readonly ranked: readonly SeenCandidate[];
  readonly topKConfidence?: number;
}

interface SeenCandidate {
  readonly id: number;
  readonly elo: number;
  readonly votes: number;
}

/** What an approval keeps of what was seen (`ApprovalSnapshot`), where it keeps anything. */
function seenIn(snapshot: unknown): Seen | null {
  const holdsRanking = typeof snapshot === "object" && snapshot !== null && "ranked" in snapshot;
  return holdsRanking && Array.isArray(snapshot.ranked) ? (snapshot as Seen) : null;
}

function shown({ id, elo, votes }: SeenCandidate, advances: boolean): ShownCandidate {
  return { id, elo, voteCount: votes, advances };
}

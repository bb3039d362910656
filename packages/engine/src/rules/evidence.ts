import type { DecisionPolicy } from "./decision-policy.ts";
import { percent } from "./percent.ts";

/** What a ranking tells about a cut. */
export interface Evidence {
  /** The candidates that the gate ranks, best first. */
  readonly ranked: readonly { readonly elo: number; readonly votes: number }[];
  /** K: how many of them would advance at most. */
  readonly topK: number;
  /** V6: the chance that the first K are the true K best, 0 to 1. */
  readonly topKConfidence: number;
  /** People took candidates out of this round: what is left was not all that there was to compare. */
  readonly othersRejected: boolean;
}

/**
 * What a policy asks for before a person opens the gate and the ranking does not show yet, each as a sentence; empty
 * when nothing is missing. A lone candidate cannot be compared with anything, so it needs no votes; but one that is left
 * because the others were rejected does, or rejecting them would take the place of the votes.
 */
export function unmetEvidence(policy: DecisionPolicy, evidence: Evidence): string[] {
  const unmet: string[] = [];
  if (policy.minVotes !== undefined && (evidence.ranked.length > 1 || evidence.othersRejected))
    unmet.push(...missingVotes(evidence, policy.minVotes));
  if (policy.minConfidence !== undefined && evidence.ranked.length > 0) {
    unmet.push(...missingConfidence(evidence, policy.minConfidence));
  }
  return unmet;
}

/**
 * What is missing for the gate to open by itself, each as a sentence; empty when it is to open. What a person would
 * have to override, the automatic policy waits for too, and it never opens a gate without votes.
 */
export function missingForAutomatic(policy: DecisionPolicy, evidence: Omit<Evidence, "othersRejected">): string[] {
  const { automatic } = policy;
  if (!automatic) return ["The gate has no automatic policy."];
  if (evidence.ranked.length === 0) return ["There is no candidate."];
  return [
    ...missingVotes(evidence, Math.max(automatic.votes, policy.minVotes ?? 0)),
    ...missingConfidence(evidence, Math.max(automatic.confidence ?? 0, policy.minConfidence ?? 0)),
    ...missingElo(evidence, automatic.elo),
  ];
}

function missingVotes({ ranked }: Pick<Evidence, "ranked">, needed: number): string[] {
  const short = ranked.filter(({ votes }) => votes < needed);
  if (short.length === 0) return [];
  if (ranked.length === 1)
    return [`The one candidate that is left has fewer than ${needed} ${needed === 1 ? "vote" : "votes"}.`];
  const fewest = Math.min(...short.map(({ votes }) => votes));
  return [
    `${short.length} of ${ranked.length} candidates ${short.length === 1 ? "has" : "have"} fewer than ${needed} ${needed === 1 ? "vote" : "votes"} (the fewest is ${fewest}).`,
  ];
}

function missingConfidence({ topKConfidence }: Pick<Evidence, "topKConfidence">, needed: number): string[] {
  if (topKConfidence >= needed) return [];
  return [`The cut is ${percent(topKConfidence)} % sure, and ${percent(needed)} % are needed.`];
}

function missingElo({ ranked, topK }: Pick<Evidence, "ranked" | "topK">, needed: number | undefined): string[] {
  if (needed === undefined) return [];
  const below = ranked.slice(0, topK).filter(({ elo }) => elo < needed);
  if (below.length === 0) return [];
  return [
    `${below.length} of the candidates that would advance ${below.length === 1 ? "is" : "are"} rated below ${needed}.`,
  ];
}

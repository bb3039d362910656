import type { Rankable } from "./ranking.ts";

/** Fewer comparisons than this say little about a candidate. */
export const ENOUGH_VOTES = 5;

export const LOW_VOTES_WARNING =
  "Low vote counts. Rankings may not be reliable. Recommend voting more before approval.";

/**
 * What an approver should know about a cut. Warnings never block.
 *
 * @param ranked best first
 */
export function cutWarnings(ranked: readonly Rankable[], k: number): string[] {
  const warnings: string[] = [];
  // Where all advance, one alone above all, no vote could change who does.
  const cuts = ranked.length > Math.max(k, 1);
  if (cuts && ranked.some(({ voteCount }) => voteCount < ENOUGH_VOTES)) warnings.push(LOW_VOTES_WARNING);
  const inside = ranked[k - 1];
  const outside = ranked[k];
  if (inside && outside && inside.elo === outside.elo) {
    warnings.push(
      `Tie at the cut line: #${k} and #${k + 1} have the same rating. The one with more votes advances, or else the older one.`,
    );
  }
  return warnings;
}

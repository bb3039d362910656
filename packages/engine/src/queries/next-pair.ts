import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { nextPair as choosePair, pairKey } from "../ratings/next-pair.ts";
import { FLOOR, thompsonPair } from "../ratings/thompson-pair.ts";
import { recentDraws } from "./posterior-cache.ts";
import { votingState } from "./voting-state.ts";

export interface NextPairOptions {
  /** A few candidates of whom no pair is chosen: what the person has on the screen while the next pair is loaded. */
  readonly besides?: readonly number[];
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/**
 * V5: the pair that a person should judge next in a step, sides drawn at random (V4), or null when they have judged
 * every pair or votes no longer count (V2).
 */
export async function nextPair(
  deps: EngineDeps,
  actor: Actor,
  runStepId: number,
  { besides = [], random = Math.random }: NextPairOptions = {},
): Promise<{ leftId: number; rightId: number } | null> {
  const state = await votingState(deps, actor, runStepId);
  if (!state?.open) return null;
  const { candidates, k, uncut } = state;
  const judged = new Set(state.judged.map(([a, b]) => pairKey(a, b)));
  for (const a of besides) for (const b of besides) if (a < b) judged.add(pairKey(a, b));
  const input = { candidates, judged, random };
  // What needs no draws asks for none: before the first two votes of each, and where nothing is cut, there is no cut
  // to ask about.
  const asksAboutCut = !uncut && k < candidates.length && candidates.every(({ voteCount }) => voteCount >= FLOOR);
  const draws = asksAboutCut
    ? await recentDraws(queryable(deps.pool), runStepId, { ...state, candidates: candidates.length })
    : null;
  const pair = draws ? thompsonPair({ ...input, draws, k }) : choosePair(input);
  if (!pair) return null;
  const [leftId, rightId] = random() < 0.5 ? pair : [pair[1], pair[0]];
  return { leftId, rightId };
}

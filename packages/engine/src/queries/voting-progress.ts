import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { type ConfidenceLabel, confidenceLabel, cutConfidence } from "../ratings/confidence.ts";
import { ENOUGH_VOTES } from "../rules/cut-warnings.ts";
import { rankCandidates } from "../rules/ranking.ts";
import { drawsOf, recentDraws } from "./posterior-cache.ts";
import { type VotingState, votingState } from "./voting-state.ts";

/** How far the voting in a step is, for one person. */
export interface VotingProgress {
  /** Pairs that this person has judged. */
  readonly yourVotes: number;
  readonly pairsLeft: number;
  /** Candidates with 5 or more comparisons by anybody. */
  readonly candidatesWithEnoughVotes: number;
  /** That can be voted on. */
  readonly candidates: number;
}

/** V6: how sure the cut is, without a word about where anybody stands (V4). */
export interface VotingConfidence {
  /** 0 to 1. */
  readonly topKConfidence: number;
  readonly confidenceLabel: ConfidenceLabel;
}

export async function votingProgress(
  deps: EngineDeps,
  actor: Actor,
  runStepId: number,
): Promise<VotingProgress & { confidence(): Promise<VotingConfidence> }> {
  const state = await votingState(deps, actor, runStepId);
  const candidates = state?.open ? state.candidates : [];
  const judged = state?.judged ?? [];
  const active = new Set(candidates.map(({ id }) => id));
  const judgedNow = judged.filter(([a, b]) => active.has(a) && active.has(b)).length;
  let confidence: Promise<VotingConfidence> | undefined;
  return {
    yourVotes: judged.length,
    pairsLeft: active.size === 0 ? 0 : (active.size * (active.size - 1)) / 2 - judgedNow,
    candidatesWithEnoughVotes: candidates.filter(({ voteCount }) => voteCount >= ENOUGH_VOTES).length,
    candidates: candidates.length,
    confidence: () => (confidence ??= votingConfidence(deps, runStepId, state)),
  };
}

/** As the preview says it for the step's K; where there are many candidates, perhaps some votes late. */
async function votingConfidence(
  deps: EngineDeps,
  runStepId: number,
  state: VotingState | null,
): Promise<VotingConfidence> {
  if (!state || state.candidates.length === 0) return { topKConfidence: 0, confidenceLabel: confidenceLabel(0) };
  const db = queryable(deps.pool);
  const draws =
    (await recentDraws(db, runStepId, { ...state, candidates: state.candidates.length })) ??
    (await drawsOf(db, runStepId)).draws;
  const known = new Set(draws.ids);
  const order = rankCandidates(state.candidates).flatMap(({ id }) => (known.has(id) ? [id] : []));
  const { topKConfidence, label } = cutConfidence(draws, order, Math.max(1, state.k));
  return { topKConfidence, confidenceLabel: label };
}

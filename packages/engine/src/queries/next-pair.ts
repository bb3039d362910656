import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { nextPair as choosePair, type PairCandidate, pairKey } from "../ratings/next-pair.ts";
import { ENOUGH_VOTES } from "../rules/cut-warnings.ts";

/**
 * The pair that a person should judge next in a step, sides drawn at random (V4), or null when they have judged every
 * pair or votes no longer count (V2).
 */
export async function nextPair(
  deps: EngineDeps,
  actor: Actor,
  runStepId: number,
  random: () => number = Math.random,
): Promise<{ leftId: number; rightId: number } | null> {
  const { candidates, judged } = await votingState(deps, actor, runStepId);
  const pair = choosePair({ candidates, judged: new Set(judged.map(([a, b]) => pairKey(a, b))), random });
  if (!pair) return null;
  const [leftId, rightId] = random() < 0.5 ? pair : [pair[1], pair[0]];
  return { leftId, rightId };
}

/** How far the voting in a step is, for one person. */
export interface VotingProgress {
  /** Pairs that this person has judged. */
  readonly yourVotes: number;
  readonly pairsLeft: number;
  /** Candidates with 5 or more comparisons by anybody. */
  readonly candidatesWithEnoughVotes: number;
  readonly candidates: number;
}

export async function votingProgress(deps: EngineDeps, actor: Actor, runStepId: number): Promise<VotingProgress> {
  const { candidates, judged } = await votingState(deps, actor, runStepId);
  const active = new Set(candidates.map(({ id }) => id));
  const judgedNow = judged.filter(([a, b]) => active.has(a) && active.has(b)).length;
  return {
    yourVotes: judged.length,
    pairsLeft: (active.size * (active.size - 1)) / 2 - judgedNow,
    candidatesWithEnoughVotes: candidates.filter(({ voteCount }) => voteCount >= ENOUGH_VOTES).length,
    candidates: candidates.length,
  };
}

async function votingState(
  deps: EngineDeps,
  actor: Actor,
  runStepId: number,
): Promise<{ candidates: PairCandidate[]; judged: [number, number][] }> {
  return await queryable(deps.pool).one(
    `SELECT
       (SELECT coalesce(json_agg(json_build_object('id', c.id, 'voteCount', c.vote_count, 'elo', c.elo)), '[]')
          FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id
            JOIN pipeline_runs r ON r.id = rs.pipeline_run_id
          WHERE rs.id = $1 AND c.status = 'ACTIVE' AND rs.frozen_at IS NULL
            AND r.status IN ('RUNNING', 'WAITING_FOR_APPROVAL')) AS candidates,
       (SELECT coalesce(json_agg(json_build_array(v.left_id, v.right_id)), '[]') FROM votes v
            JOIN pipeline_run_steps rs ON rs.id = v.pipeline_run_step_id
            JOIN candidates c ON c.id = v.left_id AND c.round = rs.round
          WHERE rs.id = $1 AND v.voter_id = $2 AND v.revoked_at IS NULL) AS judged`,
    [runStepId, actor.id],
  );
}

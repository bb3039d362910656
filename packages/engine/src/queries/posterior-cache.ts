import type { Queryable } from "../db/queryable.ts";
import type { PairVote } from "../ratings/pair-vote.ts";
import { type PosteriorDraws, posteriorDraws } from "../ratings/posterior.ts";

/** Draws of a step's posterior, with the ranking version that they belong to. */
export interface StepDraws {
  readonly rankingVersion: number;
  readonly draws: PosteriorDraws;
}

/** 500 candidates take 8 MB; a step is looked at by many people at once, so a few are enough. */
const KEPT = 16;
const cache = new Map<number, StepDraws>();

/**
 * V6: the draws for a step as it is now. They depend on the votes and the candidates alone, both of which raise the
 * ranking version, so one computation serves every reader and every K.
 *
 * @param sourceId the run step whose candidates are ranked
 */
export async function drawsOf(db: Queryable, sourceId: number): Promise<StepDraws> {
  const { rankingVersion } = await db.one<{ rankingVersion: number }>(
    `SELECT ranking_version AS "rankingVersion" FROM pipeline_run_steps WHERE id = $1`,
    [sourceId],
  );
  const kept = cache.get(sourceId);
  if (kept?.rankingVersion === rankingVersion) return kept;
  // One statement, so that the version belongs to the votes.
  const now = await db.one<{ rankingVersion: number; ids: number[]; votes: PairVote[] }>(
    `SELECT rs.ranking_version AS "rankingVersion",
       (SELECT coalesce(json_agg(c.id ORDER BY c.id), '[]') FROM candidates c
          WHERE c.pipeline_run_step_id = rs.id AND c.round = rs.round) AS ids,
       (SELECT coalesce(json_agg(json_build_object('leftId', v.left_id, 'rightId', v.right_id, 'outcome', v.outcome)), '[]')
          FROM votes v JOIN candidates c ON c.id = v.left_id AND c.round = rs.round
          WHERE v.pipeline_run_step_id = rs.id AND v.revoked_at IS NULL
            AND v.outcome IN ('LEFT', 'RIGHT', 'TIE')) AS votes
     FROM pipeline_run_steps rs WHERE rs.id = $1`,
    [sourceId],
  );
  const fresh = { rankingVersion: now.rankingVersion, draws: posteriorDraws(now.ids, now.votes, sourceId) };
  cache.delete(sourceId);
  cache.set(sourceId, fresh);
  for (const oldest of cache.keys()) {
    if (cache.size <= KEPT) break;
    cache.delete(oldest);
  }
  return fresh;
}

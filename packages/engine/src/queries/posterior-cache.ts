import type { Queryable } from "../db/queryable.ts";
import { drawElsewhere } from "../ratings/draw-elsewhere.ts";
import type { PairVote } from "../ratings/pair-vote.ts";
import type { PosteriorDraws } from "../ratings/posterior.ts";

/** Draws of a step's posterior, with the ranking version that they belong to. */
export interface StepDraws {
  readonly rankingVersion: number;
  readonly draws: PosteriorDraws;
}

/** 500 candidates take 8 MB; a step is looked at by many people at once, so a few are enough. */
const KEPT = 16;
const cache = new Map<number, StepDraws>();
/** The newest computation that is under way for a step: who asks meanwhile waits for it instead of starting another. */
const underWay = new Map<number, { readonly rankingVersion: number; readonly result: Promise<StepDraws> }>();

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
  return kept?.rankingVersion === rankingVersion ? kept : await newDraws(db, sourceId);
}

/** Votes that draws may be behind, where making them anew for every vote would cost more than it tells. */
const BEHIND = 10;
/** Up to so many candidates, draws take at most 5 ms. */
const QUICK = 32;
/** Beyond, draws take so long that a voter is not to wait for them. */
const SLOW = 300;

/**
 * The draws for a step, perhaps some votes old: for what is asked after every vote.
 *
 * @param step as it is now: its ranking version, and how many candidates it has
 * @returns for a large step what there is, while newer draws are being made: null where there is nothing yet
 */
export async function recentDraws(
  db: Queryable,
  sourceId: number,
  step: { readonly rankingVersion: number; readonly candidates: number },
): Promise<PosteriorDraws | null> {
  const kept = cache.get(sourceId);
  const behind = step.candidates <= QUICK ? 0 : BEHIND;
  if (kept && Math.abs(step.rankingVersion - kept.rankingVersion) <= behind) return kept.draws;
  const renewed = (behind > 0 && underWay.get(sourceId)?.result) || newDraws(db, sourceId);
  if (step.candidates <= SLOW) return (await renewed).draws;
  // Who asks for exact draws is told of a failure.
  renewed.catch(() => {});
  return kept?.draws ?? null;
}

async function newDraws(db: Queryable, sourceId: number): Promise<StepDraws> {
  // Every caller reads for itself: one that holds a lock must not wait for another's turn at the database.
  const votes = await readVotes(db, sourceId);
  const { rankingVersion } = votes;
  const kept = cache.get(sourceId);
  if (kept?.rankingVersion === rankingVersion) return kept;
  const others = underWay.get(sourceId);
  if (others?.rankingVersion === rankingVersion) return await others.result;
  const mine = { rankingVersion, result: compute(sourceId, votes) };
  underWay.set(sourceId, mine);
  try {
    return await mine.result;
  } finally {
    if (underWay.get(sourceId) === mine) underWay.delete(sourceId);
  }
}

interface StepVotes {
  readonly rankingVersion: number;
  readonly ids: number[];
  readonly votes: PairVote[];
}

/** In one statement, so that the version belongs to the votes. */
async function readVotes(db: Queryable, sourceId: number): Promise<StepVotes> {
  return await db.one<StepVotes>(
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
}

async function compute(sourceId: number, { rankingVersion, ids, votes }: StepVotes): Promise<StepDraws> {
  const draws = await drawElsewhere({ candidateIds: ids, votes, seed: sourceId });
  const fresh = { rankingVersion, draws };
  const kept = cache.get(sourceId);
  // Of two computations, the one of fewer votes may end last.
  if (kept && kept.rankingVersion > rankingVersion) return fresh;
  cache.delete(sourceId);
  cache.set(sourceId, fresh);
  for (const oldest of cache.keys()) {
    if (cache.size <= KEPT) break;
    cache.delete(oldest);
  }
  return fresh;
}

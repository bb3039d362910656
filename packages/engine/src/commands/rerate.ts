import type { RunTransaction } from "../db/run-transaction.ts";
import type { PairVote } from "../ratings/pair-vote.ts";
import { ratingModel } from "../ratings/rating-model.ts";

/**
 * V1, V3: rates the candidates of a step's round from all of its votes and stores what changed. Rejected candidates are rated
 * too: what they won and lost still tells about the others.
 *
 * @param votes how many votes came or went: the ranking's version rises by as many
 */
export async function rerate(tx: RunTransaction, runStepId: number, votes: number): Promise<void> {
  const ids = await tx.many<{ id: number }>(
    `SELECT c.id FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id AND rs.round = c.round
     WHERE rs.id = $1 ORDER BY c.id`,
    [runStepId],
  );
  const ratings = ratingModel(tx.run.ratingModel).rate(
    ids.map(({ id }) => id),
    await loadVotes(tx, runStepId),
  );
  await tx.query(
    `UPDATE candidates c SET elo = r.elo, vote_count = r.votes
     FROM unnest($1::int[], $2::float8[], $3::int[]) AS r(id, elo, votes)
     WHERE c.id = r.id AND (c.elo, c.vote_count) IS DISTINCT FROM (r.elo, r.votes)`,
    [ratings.map(({ id }) => id), ratings.map(({ elo }) => elo), ratings.map(({ voteCount }) => voteCount)],
  );
  await tx.query(`UPDATE pipeline_run_steps SET ranking_version = ranking_version + $2 WHERE id = $1`, [
    runStepId,
    votes,
  ]);
}

/** The valid votes of a step's round that rate, in the order they were cast. */
async function loadVotes(db: Pick<RunTransaction, "many">, runStepId: number): Promise<PairVote[]> {
  return await db.many<PairVote>(
    `SELECT v.left_id AS "leftId", v.right_id AS "rightId", v.outcome FROM votes v
     JOIN pipeline_run_steps rs ON rs.id = v.pipeline_run_step_id
     JOIN candidates c ON c.id = v.left_id AND c.round = rs.round
     WHERE rs.id = $1 AND v.revoked_at IS NULL AND v.outcome IN ('LEFT', 'RIGHT', 'TIE') ORDER BY v.id`,
    [runStepId],
  );
}

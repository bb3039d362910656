import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import type { Rankable } from "../rules/ranking.ts";

/** What voting in a step looks at, for one person. */
export interface VotingState {
  /** Votes still count (V2). */
  readonly open: boolean;
  readonly rankingVersion: number;
  /** K of the gate that these candidates come to: the step's own, or that of the APPROVAL step behind its open gate. */
  readonly k: number;
  /** Nothing is cut: everything that the step makes goes on. */
  readonly uncut: boolean;
  /** The active ones of the step. */
  readonly candidates: readonly Rankable[];
  /** Pairs that this person has judged in the step's round. */
  readonly judged: readonly (readonly [number, number])[];
}

/** Null where there is no such step. */
export async function votingState(deps: EngineDeps, actor: Actor, runStepId: number): Promise<VotingState | null> {
  const row = await queryable(deps.pool).maybe<
    Omit<VotingState, "candidates"> & { candidates: (Omit<Rankable, "createdAt"> & { createdAt: string })[] }
  >(
    `SELECT rs.frozen_at IS NULL AND r.status IN ('RUNNING', 'WAITING_FOR_APPROVAL') AS open,
       rs.ranking_version AS "rankingVersion", coalesce(later.top_k_count, rs.top_k_count) AS k,
       rs.gate = 'OPEN' AND later.id IS NULL AS uncut,
       (SELECT coalesce(json_agg(json_build_object(
            'id', c.id, 'voteCount', c.vote_count, 'elo', c.elo, 'createdAt', c.created_at)), '[]')
          FROM candidates c WHERE c.pipeline_run_step_id = rs.id AND c.status = 'ACTIVE') AS candidates,
       (SELECT coalesce(json_agg(json_build_array(v.left_id, v.right_id)), '[]') FROM votes v
            JOIN candidates c ON c.id = v.left_id AND c.round = rs.round
          WHERE v.pipeline_run_step_id = rs.id AND v.voter_id = $2 AND v.revoked_at IS NULL) AS judged
     FROM pipeline_run_steps rs JOIN pipeline_runs r ON r.id = rs.pipeline_run_id
     LEFT JOIN LATERAL (
       SELECT n.id, n.top_k_count FROM pipeline_run_steps n JOIN pipeline_steps ns ON ns.id = n.pipeline_step_id
       WHERE rs.gate = 'OPEN' AND n.pipeline_run_id = rs.pipeline_run_id AND n.position = rs.position + 1
         AND ns.kind = 'APPROVAL'
     ) later ON true
     WHERE rs.id = $1`,
    [runStepId, actor.id],
  );
  if (!row) return null;
  return { ...row, candidates: row.candidates.map((each) => ({ ...each, createdAt: new Date(each.createdAt) })) };
}

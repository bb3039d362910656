import { givenUp, queryable } from "@sluice/engine";
import type { SchemaContext } from "../context.ts";
import { batched } from "./batched.ts";

/** What a run step's numbers and words are made of. For an APPROVAL step, of what came to its gate. */
export interface StepCounts {
  readonly runStepId: number;
  /** Active ones. */
  readonly candidates: number;
  readonly advancing: number;
  readonly inFlight: number;
  /** Given up, those that were never tried included. */
  readonly failed: number;
  /** Given up before an attempt was begun. */
  readonly untried: number;
  /** Of `failed`, those that a person cancelled. */
  readonly cancelled: number;
  readonly votes: number;
  /** Sum over running jobs of the share that is done. */
  readonly running: number;
  readonly failures: readonly string[];
  /** First step before this one that is not through; null when there is none. */
  readonly blockedBy: { readonly position: number; readonly approved: boolean } | null;
  /** Of the ranking that the step's gate closes. */
  readonly rankingVersion: number;
}

const FIELD = {};

export async function stepCounts(context: SchemaContext, runStepId: number): Promise<StepCounts> {
  const counts = await batched(context, FIELD, runStepId, async (ids) => {
    const rows = await queryable(context.engine.pool).many<StepCounts>(STEP_COUNTS_SQL, [ids]);
    return new Map(rows.map((row) => [row.runStepId, row]));
  });
  if (!counts) throw new Error(`Run step ${runStepId} is gone.`);
  return counts;
}

const STEP_COUNTS_SQL = `
  SELECT rs.id AS "runStepId", made.*, jobs.*, votes.*, failures.*, gate.*
  FROM pipeline_run_steps rs
  JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
  CROSS JOIN LATERAL (
    SELECT CASE WHEN s.kind <> 'APPROVAL' THEN rs.id ELSE (
      SELECT b.id FROM pipeline_run_steps b JOIN pipeline_steps bs ON bs.id = b.pipeline_step_id
      WHERE b.pipeline_run_id = rs.pipeline_run_id AND b.position < rs.position AND bs.kind <> 'APPROVAL'
      ORDER BY b.position DESC LIMIT 1) END AS id
  ) source
  CROSS JOIN LATERAL (
    -- What an approval cut off came to its gate as well: what its approver saw tells how many there were.
    SELECT greatest(
        count(c.id) FILTER (WHERE s.kind <> 'APPROVAL' OR (rs.status <> 'BLOCKED' AND c.advancement = 'ADVANCING'))::int,
        (SELECT jsonb_array_length(a.snapshot -> 'ranked') FROM approvals a
          WHERE s.kind = 'APPROVAL' AND a.pipeline_run_step_id = rs.id AND a.status = 'APPROVED' AND a.round = rs.round)
      ) AS candidates,
      count(c.id) FILTER (WHERE c.advancement = 'ADVANCING' AND (s.kind <> 'APPROVAL' OR rs.status = 'APPROVED'))::int AS advancing
    FROM candidates c WHERE c.pipeline_run_step_id = source.id AND c.status = 'ACTIVE'
  ) made
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE j.status IN ('QUEUED', 'RUNNING'))::int AS "inFlight",
      count(*) FILTER (WHERE ${givenUp("j")})::int AS failed,
      count(*) FILTER (WHERE j.cancelled_by_id IS NOT NULL)::int AS cancelled,
      count(*) FILTER (WHERE j.status = 'FAILED' AND j.attempts = 0)::int AS untried,
      coalesce(sum(j.progress) FILTER (WHERE j.status = 'RUNNING'), 0) AS running
    FROM jobs j WHERE j.pipeline_run_step_id = rs.id AND j.round = rs.round
  ) jobs
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS votes FROM votes v JOIN candidates c ON c.id = v.left_id AND c.round = rs.round
    WHERE v.pipeline_run_step_id = rs.id AND v.revoked_at IS NULL
  ) votes
  CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(error ORDER BY jobs DESC, error), '[]') AS failures FROM (
      SELECT j.error, count(*) AS jobs FROM jobs j
      WHERE j.pipeline_run_step_id = rs.id AND j.round = rs.round
        AND j.status IN ('FAILED', 'QUEUED') AND j.error IS NOT NULL
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5
    ) reason
  ) failures
  CROSS JOIN LATERAL (
    SELECT (
      SELECT json_build_object('position', b.position, 'approved', b.approved) FROM pipeline_run_steps b
      WHERE b.pipeline_run_id = rs.pipeline_run_id AND b.position < rs.position AND b.status <> 'APPROVED'
      ORDER BY b.position LIMIT 1
    ) AS "blockedBy", (
      SELECT ranking_version FROM pipeline_run_steps WHERE id = coalesce(source.id, rs.id)
    ) AS "rankingVersion"
  ) gate
  WHERE rs.id = ANY($1)`;

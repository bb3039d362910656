import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";

/** Valid votes within a span of time. */
export interface VoteBucket {
  /** Where the span begins. */
  readonly at: Date;
  readonly votes: number;
}

/** Spans that a chart may have. */
const MOST = 60;
const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];
/** Seconds. They are counted from the same moment, so that a span of an hour begins on the hour (UTC). */
const WIDTHS = [
  ...[10, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
  ...[DAY, 2 * DAY, 7 * DAY, 30 * DAY, 365 * DAY],
];

/**
 * When people voted in the round that each of these steps is in: spans of equal length from the first valid vote to the
 * last, empty ones included. The spans of a step are as short as they can be while there are at most 60.
 *
 * @returns per run step, the oldest first; nothing for a step without votes
 */
export async function votesOverTime(
  deps: Pick<EngineDeps, "pool">,
  runStepIds: readonly number[],
): Promise<ReadonlyMap<number, readonly VoteBucket[]>> {
  const rows = await queryable(deps.pool).many<VoteBucket & { runStepId: number }>(VOTES_SQL, [
    runStepIds,
    WIDTHS,
    MOST,
  ]);
  return Map.groupBy(rows, ({ runStepId }) => runStepId);
}

const VOTES_SQL = `
  WITH cast_at AS (
    SELECT v.pipeline_run_step_id AS step, extract(epoch FROM v.created_at) AS second
    FROM votes v JOIN pipeline_run_steps rs ON rs.id = v.pipeline_run_step_id
    JOIN candidates c ON c.id = v.left_id AND c.round = rs.round
    WHERE v.pipeline_run_step_id = ANY($1) AND v.revoked_at IS NULL
  ), spans AS (
    SELECT step, min(second) AS first, max(second) AS last FROM cast_at GROUP BY step
  ), widths AS (
    SELECT step, first, last, (
      SELECT min(w) FROM unnest($2::int[]) w WHERE floor(last / w) - floor(first / w) < $3
    ) AS width FROM spans
  ), counts AS (
    SELECT step, floor(second / width)::bigint AS place, count(*)::int AS votes
    FROM cast_at JOIN widths USING (step) GROUP BY 1, 2
  )
  SELECT step AS "runStepId", to_timestamp(place * width) AS at, coalesce(votes, 0) AS votes
  FROM widths CROSS JOIN LATERAL generate_series(floor(first / width)::bigint, floor(last / width)::bigint) AS place
  LEFT JOIN counts USING (step, place) ORDER BY 1, 2`;

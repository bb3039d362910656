import { queryable, type Rankable, rankCandidates } from "@sluice/engine";
import type { SchemaContext } from "../context.ts";

/** The winners of completed runs, best first: what came through the last gate. One statement for all runs. */
export async function winnerIds(context: SchemaContext, runIds: readonly number[]): Promise<Map<number, number[]>> {
  const rows = await queryable(context.engine.pool).many<Rankable & { runId: number }>(
    `SELECT r.id AS "runId", c.id, c.elo, c.vote_count AS "voteCount", c.created_at AS "createdAt"
     FROM pipeline_runs r
     CROSS JOIN LATERAL (
       SELECT rs.id FROM pipeline_run_steps rs JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
       WHERE rs.pipeline_run_id = r.id AND s.kind <> 'APPROVAL' ORDER BY rs.position DESC LIMIT 1
     ) last
     JOIN candidates c ON c.pipeline_run_step_id = last.id AND c.status = 'ACTIVE' AND c.advancement = 'ADVANCING'
     WHERE r.id = ANY($1) AND r.status = 'COMPLETED'`,
    [runIds],
  );
  const byRun = Map.groupBy(rows, ({ runId }) => runId);
  return new Map([...byRun].map(([runId, winners]) => [runId, rankCandidates(winners).map(({ id }) => id)]));
}

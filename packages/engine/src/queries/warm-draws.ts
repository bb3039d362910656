import { SOURCE_STEP } from "../advance/source-step.ts";
import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { drawsOf } from "./posterior-cache.ts";

/**
 * Makes the draws for the gates of a run that wait, before a decision takes the run's lock: those of many candidates take up
 * to a second, for which every vote and result of the run would wait. Under the lock they are there then, unless a vote came
 * in between.
 */
export async function warmDraws({ pool }: EngineDeps, runId: number): Promise<void> {
  const db = queryable(pool);
  const sources = await db.many<{ id: number }>(
    `SELECT source.id FROM pipeline_run_steps rs CROSS JOIN LATERAL (${SOURCE_STEP}) source
     WHERE rs.pipeline_run_id = $1 AND rs.status = 'AWAITING_APPROVAL' ORDER BY rs.position`,
    [runId],
  );
  for (const { id } of sources) await drawsOf(db, id);
}

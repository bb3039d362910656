import type { Queryable } from "../db/queryable.ts";
import type { Usage } from "./generator.ts";
import { costOf } from "./usage.ts";

/** One attempt at a job: each has a fence of its own. */
export interface Attempt {
  readonly jobId: number;
  readonly fence: number;
}

/**
 * Counts what an attempt has cost, for its job and for its run's budget. It counts once: what is told again, because the
 * first answer was lost on its way or because two answers came, changes nothing.
 *
 * @param db within a transaction that holds the run's lock
 */
export async function countCost(
  db: Pick<Queryable, "query">,
  { jobId, fence }: Attempt,
  usage: Usage | undefined,
): Promise<void> {
  const cost = costOf(usage);
  if (!cost) return;
  await db.query(
    `WITH first AS (
       INSERT INTO job_attempts AS told (job_id, fence, cost_usd) VALUES ($1, $2, $3)
       ON CONFLICT (job_id, fence) DO UPDATE SET cost_usd = excluded.cost_usd WHERE told.cost_usd IS NULL
       RETURNING job_id
     ), spent AS (
       UPDATE jobs j SET cost_usd = j.cost_usd + $3 FROM first WHERE j.id = first.job_id
       RETURNING j.pipeline_run_id AS run_id
     )
     UPDATE pipeline_runs r SET cost_usd = r.cost_usd + $3 FROM spent WHERE r.id = spent.run_id`,
    [jobId, fence, cost],
  );
}

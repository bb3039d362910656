import type { RunTransaction } from "../db/run-transaction.ts";
import { enqueueJobs } from "./queue.ts";

const LOST = `(
  j.status = 'RUNNING' AND j.lease_hash IS NULL AND NOT EXISTS (SELECT 1 FROM workers w WHERE w.id = j.worker_id AND w.stopped_at IS NULL)
  OR j.status = 'QUEUED' AND NOT EXISTS (
    SELECT 1 FROM graphile_worker.jobs entry
    WHERE entry.key = 'job:' || j.id AND (entry.attempts < entry.max_attempts OR entry.locked_at IS NOT NULL)))`;

/** The runs that `requeueLostJobs` would find something in. Costs what is in flight, not what was made. */
export async function runsWithLostJobs(db: Pick<RunTransaction, "many">): Promise<number[]> {
  const runs = await db.many<{ id: number }>(
    `SELECT DISTINCT j.pipeline_run_id AS id
     FROM pipeline_run_steps rs
     JOIN jobs j ON j.pipeline_run_step_id = rs.id AND j.status IN ('QUEUED', 'RUNNING')
     WHERE rs.status IN ('GENERATING', 'AWAITING_APPROVAL') AND ${LOST} ORDER BY 1`,
  );
  return runs.map(({ id }) => id);
}

/**
 * Queues a run's jobs again that nobody would ever look at: queued ones without an entry in the queue, or with one
 * that was tried too often, and running ones whose worker is gone. Within an installation a job and its entry are
 * written together; they come apart where the queue's tables were not in a backup, or a row was mended by hand.
 *
 * @returns how many jobs were queued again
 */
export async function requeueLostJobs(tx: RunTransaction): Promise<number> {
  const lost = await tx.many<{ id: number; runStepId: number; started: boolean }>(
    `WITH lost AS (SELECT j.id, j.status FROM jobs j WHERE j.pipeline_run_id = $1 AND ${LOST})
     UPDATE jobs j SET status = 'QUEUED', worker_id = NULL, progress = 0 FROM lost WHERE j.id = lost.id
     RETURNING j.id, j.pipeline_run_step_id AS "runStepId", lost.status = 'RUNNING' AS started`,
    [tx.run.id],
  );
  await countNoAttempts(tx, lost.filter(({ started }) => started).length);
  return await queueAgain(tx, lost);
}

/** Attempts that the end of a worker cut off count neither against their jobs nor against the budget of their run. */
export async function countNoAttempts(tx: RunTransaction, attempts: number): Promise<void> {
  if (attempts === 0) return;
  await tx.query(`UPDATE pipeline_runs SET attempts_started = greatest(0, attempts_started - $2) WHERE id = $1`, [
    tx.run.id,
    attempts,
  ]);
}

/** Gives jobs that were set back to QUEUED their queue entries, oldest first, and says so. Returns how many they are. */
export async function queueAgain(
  tx: RunTransaction,
  jobs: readonly { readonly id: number; readonly runStepId: number }[],
): Promise<number> {
  const ids = jobs.map(({ id }) => id).sort((a, b) => a - b);
  await enqueueJobs(tx, ids, { firstPlace: 1 });
  for (const [runStepId, ofStep] of Map.groupBy(jobs, (job) => job.runStepId)) {
    tx.emit("jobs_retried", { runStepId, count: ofStep.length });
  }
  return ids.length;
}

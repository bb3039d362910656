import type { RunTransaction } from "../db/run-transaction.ts";
import { failHeldJob } from "./finish-job.ts";
import { enqueueJobs } from "./queue.ts";
import { dropUnfinished } from "./unfinished-work.ts";

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
  const died = await tx.many<{ id: number; fence: number }>(
    `SELECT j.id, j.fence FROM jobs j WHERE j.pipeline_run_id = $1 AND j.status = 'RUNNING' AND ${LOST}`,
    [tx.run.id],
  );
  await noteInterruptions(tx, died);
  const lost = await tx.many<InterruptedJob & { started: boolean }>(
    `WITH lost AS (SELECT j.id, j.status FROM jobs j WHERE j.pipeline_run_id = $1 AND ${LOST})
     UPDATE jobs j SET status = 'QUEUED', worker_id = NULL, progress = 0 FROM lost WHERE j.id = lost.id
     RETURNING j.id, j.pipeline_run_step_id AS "runStepId", ${IS_FREE} AS "isFree", lost.status = 'RUNNING' AS started`,
    [tx.run.id],
  );
  await countNoAttempts(
    tx,
    lost.filter(({ started }) => started),
  );
  return await queueAgain(tx, lost);
}

/**
 * Ends of a worker that one job outlives. A job that kills its worker would be made for ever otherwise; a rollout or a
 * machine that is short of memory may end one that has done nothing wrong several times in a row.
 */
const MAX_INTERRUPTIONS = 10;

/**
 * Counts that workers died while they made these jobs, which are still RUNNING: what dies with its worker may be what
 * killed it. Work that goes on elsewhere is taken up again, and is not counted. A job that was interrupted too often fails
 * for good; the others are the caller's to queue again.
 */
export async function noteInterruptions(
  tx: RunTransaction,
  died: readonly { readonly id: number; readonly fence: number }[],
): Promise<void> {
  if (died.length === 0) return;
  const hopeless = await tx.many<{ jobId: number; fence: number }>(
    `WITH noted AS (
       UPDATE jobs j SET interruptions = j.interruptions + 1 FROM unnest($1::int[], $2::int[]) AS died(id, fence)
       WHERE j.id = died.id AND j.fence = died.fence AND j.status = 'RUNNING' AND j.lease_hash IS NULL
         AND j.external_id IS NULL
       RETURNING j.id, j.fence, j.interruptions
     )
     SELECT id AS "jobId", fence FROM noted WHERE interruptions >= ${MAX_INTERRUPTIONS} ORDER BY id`,
    [died.map(({ id }) => id), died.map(({ fence }) => fence)],
  );
  const message = `The worker ended ${MAX_INTERRUPTIONS} times while it made this.`;
  for (const held of hopeless) await failHeldJob(tx, held, { message, retryable: false });
}

/** A job that was set back to QUEUED. */
export interface InterruptedJob {
  readonly id: number;
  readonly runStepId: number;
  /** Whether the attempt that was cut off counts for nothing. */
  readonly isFree: boolean;
}

/** The first end of a worker is nobody's fault, and what goes on elsewhere is no new expense. */
export const IS_FREE = `(j.interruptions < 2 OR j.external_id IS NOT NULL)`;

/**
 * Attempts that the end of a worker cut off do not count against their jobs, nor against the budget of their run unless
 * it was not the first time.
 */
export async function countNoAttempts(tx: RunTransaction, jobs: readonly InterruptedJob[]): Promise<void> {
  const attempts = jobs.filter(({ isFree }) => isFree).length;
  if (attempts === 0) return;
  await tx.query(`UPDATE pipeline_runs SET attempts_started = greatest(0, attempts_started - $2) WHERE id = $1`, [
    tx.run.id,
    attempts,
  ]);
}

/**
 * Gives jobs that were set back to QUEUED their queue entries, oldest first, and says so; what was cut off of them is
 * shown no more. Returns how many they are.
 */
export async function queueAgain(
  tx: RunTransaction,
  jobs: readonly { readonly id: number; readonly runStepId: number }[],
): Promise<number> {
  const ids = jobs.map(({ id }) => id).sort((a, b) => a - b);
  await dropUnfinished(tx, ids);
  await enqueueJobs(tx, ids, { firstPlace: 1 });
  for (const [runStepId, ofStep] of Map.groupBy(jobs, (job) => job.runStepId)) {
    tx.emit("jobs_retried", { runStepId, count: ofStep.length });
  }
  return ids.length;
}

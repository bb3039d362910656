import { advanceRun } from "../advance/advance-run.ts";
import { type Queryable, queryable } from "../db/queryable.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import {
  countNoAttempts,
  type InterruptedJob,
  IS_FREE,
  noteInterruptions,
  queueAgain,
  requeueLostJobs,
  runsWithLostJobs,
} from "./lost-jobs.ts";
import { GENERATE_TASK } from "./queue.ts";

/** First key of the advisory locks that live workers hold; the second is the worker's id. */
export const WORKER_LOCK = 7_365;

/**
 * Takes over what dead workers left: their queue entries are unlocked and their jobs queued again. A worker is dead
 * when nobody holds its advisory lock, which PostgreSQL lets go as soon as its connection ends, kill -9 included; so
 * nothing has to time out. Its result, should it still come, is refused by the fence.
 *
 * @returns how many jobs were queued again
 */
export async function recoverJobs(deps: EngineDeps): Promise<number> {
  const client = await deps.pool.connect();
  let recovered = 0;
  try {
    const db = queryable(client);
    const workers = await db.many<{ id: number }>(`SELECT id FROM workers WHERE stopped_at IS NULL ORDER BY id`);
    for (const { id } of workers) {
      const { dead } = await db.one<{ dead: boolean }>(`SELECT pg_try_advisory_lock($1, $2) AS dead`, [
        WORKER_LOCK,
        id,
      ]);
      if (!dead) continue;
      try {
        recovered += await requeueJobsOf(deps, id, "died");
        await db.query(`UPDATE workers SET stopped_at = now() WHERE id = $1`, [id]);
      } finally {
        await db.query(`SELECT pg_advisory_unlock($1, $2)`, [WORKER_LOCK, id]);
      }
    }
    recovered += await recoverEntries(deps, db);
  } finally {
    client.release();
  }
  return recovered;
}

/** Longer than a worker takes from locking an entry to starting its job. */
const ENTRY_GRACE_SECONDS = 5;

/**
 * Sees to entries and jobs that came apart because a connection was cut between the two: an entry stays locked though
 * nobody works on its job, or is gone though its job is queued. Unlocking one too many is harmless: whoever takes it
 * finds its job running, or done.
 */
async function recoverEntries(deps: EngineDeps, db: Queryable): Promise<number> {
  const { unlocked } = await db.one<{ unlocked: boolean }>(
    `WITH holder AS (
       SELECT DISTINCT locked_by AS id FROM graphile_worker.jobs entry
       WHERE locked_at < now() - make_interval(secs => $1) AND NOT EXISTS (
         SELECT 1 FROM jobs j JOIN workers w ON w.id = j.worker_id
         WHERE entry.key = 'job:' || j.id AND j.status = 'RUNNING' AND w.stopped_at IS NULL AND locked_by = ANY(w.runner_ids))
     )
     SELECT count(graphile_worker.force_unlock_workers(ARRAY[id])) > 0 AS unlocked FROM holder`,
    [ENTRY_GRACE_SECONDS],
  );
  if (unlocked) await deleteSuperseded(db);
  let recovered = 0;
  for (const runId of await runsWithLostJobs(db)) {
    recovered += await withRun(deps, runId, null, async (tx) => {
      const requeued = await requeueLostJobs(tx);
      await advanceRun(tx);
      return requeued;
    });
  }
  return recovered;
}

/** Entries lose their key when their job is queued anew while they are locked; unlocked, they are of no more use. */
async function deleteSuperseded(db: Queryable): Promise<void> {
  await db.query(
    `SELECT count(*) FROM graphile_worker.complete_jobs(ARRAY(
       SELECT id FROM graphile_worker.jobs WHERE key IS NULL AND locked_at IS NULL AND task_identifier = $1))`,
    [GENERATE_TASK],
  );
}

/** Queues the running jobs of a worker that has ended again, without counting an attempt against them. */
export async function requeueJobsOf(
  deps: EngineDeps,
  workerId: number,
  end: "stopped" | "died" = "stopped",
): Promise<number> {
  const requeued = await requeueRunning(deps, workerId, () => true, end);
  // Afterwards: a job gets a new entry beside one that is locked. The old one is deleted by its worker, should that
  // still live, without asking who holds it by then; moving it would lose the job.
  const db = queryable(deps.pool);
  await db.query(`SELECT graphile_worker.force_unlock_workers(runner_ids) FROM workers WHERE id = $1`, [workerId]);
  await deleteSuperseded(db);
  return requeued;
}

/**
 * Queues those running jobs of a worker again that `unwanted` names, without counting an attempt. What somebody has on
 * lease is theirs to answer until the lease ends. A living worker calls
 * it for jobs that it holds without knowing: a connection was cut before it heard that it got them.
 */
export async function requeueRunning(
  deps: EngineDeps,
  workerId: number,
  unwanted: (jobId: number) => boolean,
  end: "stopped" | "died" = "stopped",
): Promise<number> {
  const rows = await queryable(deps.pool).many<{ runId: number; id: number; fence: number }>(
    `SELECT pipeline_run_id AS "runId", id, fence FROM jobs
     WHERE worker_id = $1 AND status = 'RUNNING' AND lease_hash IS NULL ORDER BY id`,
    [workerId],
  );
  const jobs = Map.groupBy(
    rows.filter(({ id }) => unwanted(id)),
    ({ runId }) => runId,
  );
  let requeued = 0;
  for (const [runId, held] of jobs) {
    requeued += await withRun(deps, runId, null, async (tx) => {
      if (end === "died") await noteInterruptions(tx, held);
      const rows = await tx.many<InterruptedJob>(
        `UPDATE jobs j SET status = 'QUEUED', worker_id = NULL, progress = 0
         FROM unnest($1::int[], $2::int[]) AS held(id, fence)
         WHERE j.id = held.id AND j.fence = held.fence AND j.worker_id = $3 AND j.status = 'RUNNING' AND j.lease_hash IS NULL
         RETURNING j.id, j.pipeline_run_step_id AS "runStepId", ${end === "died" ? IS_FREE : "true"} AS "isFree"`,
        [held.map(({ id }) => id), held.map(({ fence }) => fence), workerId],
      );
      await countNoAttempts(tx, rows);
      const queued = await queueAgain(tx, rows);
      await advanceRun(tx);
      return queued;
    });
  }
  return requeued;
}

/**
 * Looks at every active run once and takes it as far as it goes: after a start, a migration or a restored backup
 * nothing waits for an event that is long past (A4), and no job waits for a queue entry or a worker that is not there.
 */
export async function resumeRuns(deps: EngineDeps): Promise<void> {
  const runs = await queryable(deps.pool).many<{ id: number }>(
    `SELECT id FROM pipeline_runs WHERE status IN ('RUNNING', 'WAITING_FOR_APPROVAL') ORDER BY id`,
  );
  for (const { id } of runs) {
    await withRun(deps, id, null, async (tx) => {
      await requeueLostJobs(tx);
      await advanceRun(tx);
    });
  }
}

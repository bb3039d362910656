import { advanceRun } from "../advance/advance-run.ts";
import { queryable } from "../db/queryable.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { enqueueJobs } from "./queue.ts";

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
        recovered += await requeueJobsOf(deps, id);
        await db.query(`UPDATE workers SET stopped_at = now() WHERE id = $1`, [id]);
      } finally {
        await db.query(`SELECT pg_advisory_unlock($1, $2)`, [WORKER_LOCK, id]);
      }
    }
    // Queue entries that nobody alive has locked: of dead workers, and of ones that died before they told their names.
    await db.query(
      `SELECT graphile_worker.force_unlock_workers(array_agg(DISTINCT locked_by)) FROM graphile_worker.jobs
       WHERE locked_by IS NOT NULL AND locked_at < now() - interval '5 seconds'
         AND NOT EXISTS (SELECT 1 FROM workers w WHERE w.stopped_at IS NULL AND locked_by = ANY(w.runner_ids))
       HAVING count(*) > 0`,
    );
  } finally {
    client.release();
  }
  return recovered;
}

/** Queues the running jobs of a worker again, without counting an attempt. */
export async function requeueJobsOf(deps: EngineDeps, workerId: number): Promise<number> {
  const db = queryable(deps.pool);
  const jobs = await db.many<{ runId: number; ids: number[] }>(
    `SELECT pipeline_run_id AS "runId", array_agg(id ORDER BY id) AS ids FROM jobs
     WHERE worker_id = $1 AND status = 'RUNNING' GROUP BY 1 ORDER BY 1`,
    [workerId],
  );
  // First, so that the entries below move instead of being added beside the locked ones.
  await db.query(
    `SELECT graphile_worker.force_unlock_workers(runner_ids) FROM workers WHERE id = $1 AND cardinality(runner_ids) > 0`,
    [workerId],
  );
  let requeued = 0;
  for (const { runId, ids } of jobs) {
    requeued += await withRun(deps, runId, null, async (tx) => {
      const rows = await tx.many<{ id: number; runStepId: number }>(
        `UPDATE jobs SET status = 'QUEUED', worker_id = NULL, progress = 0
         WHERE id = ANY($1) AND worker_id = $2 AND status = 'RUNNING' RETURNING id, pipeline_run_step_id AS "runStepId"`,
        [ids, workerId],
      );
      await enqueueJobs(
        tx,
        rows.map(({ id }) => id),
        { firstPlace: 1 },
      );
      for (const runStepId of new Set(rows.map((row) => row.runStepId))) {
        tx.emit("jobs_retried", { runStepId, count: rows.filter((row) => row.runStepId === runStepId).length });
      }
      await advanceRun(tx);
      return rows.length;
    });
  }
  return requeued;
}

/**
 * Looks at every active run once and takes it as far as it goes: after a start, a migration or a restored backup
 * nothing waits for an event that is long past (A4).
 */
export async function resumeRuns(deps: EngineDeps): Promise<void> {
  const runs = await queryable(deps.pool).many<{ id: number }>(
    `SELECT id FROM pipeline_runs WHERE status IN ('RUNNING', 'WAITING_FOR_APPROVAL') ORDER BY id`,
  );
  for (const { id } of runs) await withRun(deps, id, null, advanceRun);
}

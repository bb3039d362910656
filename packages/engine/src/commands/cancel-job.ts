import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { findRunId } from "../db/find-run.ts";
import type { JobStatus } from "../db/rows.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { JobEndedError, NotFoundError } from "../errors.ts";
import { dropUnfinished } from "../jobs/unfinished-work.ts";
import { storableText } from "../rules/storable.ts";

/**
 * Gives up one job that is queued or running, as though its last attempt had failed: the step goes on with its other
 * jobs, and `retryFailedJobs` tries it again. Its generator is told to stop, as when a run is aborted; a program that
 * has it on lease hears of it from its next heartbeat.
 *
 * @throws NotFoundError, ForbiddenError; JobEndedError when it is done, or given up already
 */
export async function cancelJob(
  deps: EngineDeps,
  actor: Actor,
  { jobId }: { readonly jobId: number },
): Promise<{ runId: number; runStepId: number; jobId: number }> {
  assertMay(actor, "OPERATE");
  const runId = await findRunId(deps, "job", jobId);
  return await withRun(deps, runId, actor, async (tx) => {
    const job = await tx.maybe<{ runStepId: number; status: JobStatus; isPast: boolean }>(
      `SELECT j.pipeline_run_step_id AS "runStepId", j.status, j.round <> rs.round AS "isPast"
       FROM jobs j JOIN pipeline_run_steps rs ON rs.id = j.pipeline_run_step_id WHERE j.id = $1`,
      [jobId],
    );
    if (!job) throw new NotFoundError("There is no such job.");
    const { runStepId, status, isPast } = job;
    if (isPast || (status !== "QUEUED" && status !== "RUNNING")) throw new JobEndedError(jobId, status);
    await tx.query(
      `UPDATE jobs SET status = 'CANCELLED', cancelled_by_id = $2, error = $3, finished_at = now()
       WHERE id = $1`,
      [jobId, actor.id, storableText(`Cancelled by ${actor.name}.`, 2_000)],
    );
    await dropUnfinished(tx, [jobId]);
    await tx.query(`UPDATE pipeline_run_steps SET last_progress_at = now() WHERE id = $1`, [runStepId]);
    tx.emit("jobs_cancelled", { runStepId, count: 1 });
    await advanceRun(tx);
    return { runId, runStepId, jobId };
  });
}

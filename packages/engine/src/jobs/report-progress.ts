import { resolveAlerts } from "../advance/alerts.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { storableText } from "../rules/storable.ts";
import { stillHeld } from "./finish-job.ts";
import { type HeldJob, touchStep } from "./start-job.ts";

/**
 * Tells how far a job is.
 *
 * @param progress share that is done, 0 to 1
 * @returns false when the job is no longer this worker's, or no longer wanted: stop it
 */
export async function reportProgress(
  deps: EngineDeps,
  held: Pick<HeldJob, "jobId" | "runId" | "fence">,
  progress: number,
  message: string | null,
): Promise<boolean> {
  return await withRun(deps, held.runId, null, async (tx) => {
    const job = await stillHeld(tx, held);
    if (!job) return false;
    const share = Math.min(1, Math.max(0, Number.isFinite(progress) ? progress : 0));
    const words = message === null ? null : storableText(message, 500);
    await tx.query(`UPDATE jobs SET progress = $2, progress_message = $3 WHERE id = $1`, [held.jobId, share, words]);
    await touchStep(tx, job.runStepId);
    await resolveAlerts(tx, job.runStepId, ["GENERATION_STALLED"]);
    tx.emit("job_progressed", { runStepId: job.runStepId, jobId: held.jobId, progress: share, message: words });
    return true;
  });
}

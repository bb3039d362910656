import { advanceRun } from "../advance/advance-run.ts";
import { resolveAlerts } from "../advance/alerts.ts";
import { expectMore } from "../advance/gates.ts";
import { childStepOf, loadSteps } from "../advance/step-state.ts";
import { stepOf } from "../commands/decision-checks.ts";
import type { GatePolicy } from "../db/rows.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { storableText } from "../rules/storable.ts";
import type { StoredAsset } from "./asset-store.ts";
import type { Json } from "./generator.ts";
import { enqueueJobs } from "./queue.ts";
import type { HeldJob } from "./start-job.ts";

/** What a job made, its bytes already in the asset store. */
export interface JobResult {
  readonly assets: readonly StoredAsset[];
  readonly text: string | null;
  readonly meta: { readonly [key: string]: Json };
}

/**
 * Turns a finished job into its candidate. A worker that lost the job meanwhile changes nothing.
 *
 * @returns the candidate's id, or null when the job was no longer this worker's
 */
export async function completeJob(deps: EngineDeps, held: HeldJob, result: JobResult): Promise<number | null> {
  return await withRun(deps, held.runId, null, async (tx) => {
    const job = await stillHeld(tx, held);
    if (!job) return null;
    const { id: candidateId } = await tx.one<{ id: number }>(
      `INSERT INTO candidates (pipeline_run_id, pipeline_run_step_id, round, parent_id, ordinal, text, meta)
       SELECT pipeline_run_id, pipeline_run_step_id, round, parent_id, ordinal, $2, $3 FROM jobs WHERE id = $1 RETURNING id`,
      [held.jobId, result.text, JSON.stringify(result.meta)],
    );
    await tx.query(
      `UPDATE jobs SET status = 'COMPLETED', progress = 1, error = NULL, finished_at = now(), candidate_id = $2 WHERE id = $1`,
      [held.jobId, candidateId],
    );
    for (const [position, asset] of result.assets.entries()) {
      await tx.query(
        `WITH known AS (
           INSERT INTO assets (sha256, media_type, bytes, width, height) VALUES ($3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
         )
         INSERT INTO candidate_assets (candidate_id, position, sha256) VALUES ($1, $2, $3)`,
        [candidateId, position, asset.sha256, asset.mediaType, asset.bytes, asset.width, asset.height],
      );
    }
    const { gate } = await tx.one<{ gate: GatePolicy }>(
      `UPDATE pipeline_run_steps SET ranking_version = ranking_version + 1, last_progress_at = now() WHERE id = $1
       RETURNING gate`,
      [job.runStepId],
    );
    await resolveAlerts(tx, job.runStepId, ["GENERATION_STALLED"]);
    tx.emit("candidate_created", { runStepId: job.runStepId, candidateId, jobId: held.jobId });
    if (gate === "OPEN") await passOpenGate(tx, job.runStepId, candidateId);
    await advanceRun(tx);
    return candidateId;
  });
}

/** G14: behind an OPEN gate a candidate is a parent as soon as it is there. */
async function passOpenGate(tx: RunTransaction, runStepId: number, candidateId: number): Promise<void> {
  const steps = await loadSteps(tx);
  const step = stepOf(steps, runStepId);
  if (step.frozen) {
    await tx.query(`UPDATE candidates SET advancement = 'NOT_ADVANCING' WHERE id = $1`, [candidateId]);
    return;
  }
  const child = childStepOf(steps, runStepId);
  const slots = child && child.position === step.position + 1 ? child.maxChildren : 0;
  await tx.query(`UPDATE candidates SET advancement = 'ADVANCING', open_slots = $2 WHERE id = $1`, [
    candidateId,
    slots,
  ]);
  if (child && slots > 0) await expectMore(tx, child, slots);
}

/** Attempts at one job before it is given up. */
export const MAX_ATTEMPTS = 4;

/** Seconds before the next attempt: 1, 4, 16. */
export function backoffSeconds(attempts: number): number {
  return 4 ** (attempts - 1);
}

/**
 * Notes that an attempt failed, and queues the job again with backoff where that may help; else its slot is given up.
 *
 * @returns false when the job was no longer this worker's
 */
export async function failJob(
  deps: EngineDeps,
  held: Pick<HeldJob, "jobId" | "runId" | "fence">,
  failure: { readonly message: string; readonly retryable: boolean },
): Promise<boolean> {
  return await withRun(deps, held.runId, null, async (tx) => {
    const job = await stillHeld(tx, held);
    if (!job) return false;
    const attempts = job.attempts + 1;
    const error = storableText(failure.message, 2_000);
    const delaySeconds = backoffSeconds(attempts);
    const again = failure.retryable && attempts < MAX_ATTEMPTS;
    const retryAt = again ? new Date(Date.now() + delaySeconds * 1_000).toISOString() : null;
    await tx.query(
      `UPDATE jobs SET status = $2::job_status, attempts = $3, error = $4, worker_id = NULL,
         finished_at = CASE WHEN $2 = 'FAILED' THEN now() END
       WHERE id = $1`,
      [held.jobId, again ? "QUEUED" : "FAILED", attempts, error],
    );
    if (again) await enqueueJobs(tx, [held.jobId], { firstPlace: 1, delaySeconds });
    await tx.query(
      `UPDATE pipeline_run_steps SET failed_attempts = failed_attempts + 1, last_progress_at = now() WHERE id = $1`,
      [job.runStepId],
    );
    tx.emit("job_failed", { runStepId: job.runStepId, jobId: held.jobId, error, retryAt });
    await advanceRun(tx);
    return true;
  });
}

/** The fence: a job belongs to whom it was given last, while it runs, in the round that it was queued in. */
export async function stillHeld(
  tx: RunTransaction,
  held: Pick<HeldJob, "jobId" | "fence">,
): Promise<{ runStepId: number; attempts: number } | undefined> {
  return await tx.maybe<{ runStepId: number; attempts: number }>(
    `SELECT j.pipeline_run_step_id AS "runStepId", j.attempts FROM jobs j
     JOIN pipeline_run_steps rs ON rs.id = j.pipeline_run_step_id AND rs.round = j.round
     WHERE j.id = $1 AND j.fence = $2 AND j.status = 'RUNNING'`,
    [held.jobId, held.fence],
  );
}

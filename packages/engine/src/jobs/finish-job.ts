import { advanceRun } from "../advance/advance-run.ts";
import { resolveAlerts } from "../advance/alerts.ts";
import { passOpenGate } from "../advance/pass-open-gate.ts";
import type { GatePolicy } from "../db/rows.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { storableText } from "../rules/storable.ts";
import type { StoredAsset } from "./asset-store.ts";
import { type Attempt, countCost } from "./attempt-cost.ts";
import type { Json, Usage } from "./generator.ts";
import { enqueueJobs } from "./queue.ts";
import type { HeldJob } from "./start-job.ts";
import { dropUnfinished } from "./unfinished-work.ts";
import { MAX_COST_USD, usageColumns } from "./usage.ts";

/** What a job made, its bytes already in the asset store. */
export interface JobResult {
  readonly assets: readonly StoredAsset[];
  readonly text: string | null;
  readonly meta: { readonly [key: string]: Json };
  readonly usage?: Usage | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/**
 * Turns a finished job into its candidate. A worker that lost the job meanwhile changes nothing.
 *
 * @returns the candidate's id, or null when the job was no longer this worker's
 */
export async function completeJob(
  deps: EngineDeps,
  held: Pick<HeldJob, "jobId" | "runId" | "fence">,
  result: JobResult,
): Promise<number | null> {
  return await withRun(deps, held.runId, null, async (tx) => {
    const job = await stillHeld(tx, held);
    if (!job) return null;
    const { id: candidateId } = await tx.one<{ id: number }>(
      `INSERT INTO candidates (pipeline_run_id, pipeline_run_step_id, round, parent_id, ordinal, text, meta, generator, model,
         cost_usd, input_tokens, output_tokens, warnings, duration_ms)
       SELECT pipeline_run_id, pipeline_run_step_id, round, parent_id, ordinal, $2, $3, generator, $4, $5, $6, $7, $8,
         -- A clock that was set back meanwhile is no reason to lose what was made.
         least(2147483647, greatest(0, extract(epoch FROM now() - started_at) * 1000))
       FROM jobs WHERE id = $1 RETURNING id`,
      [held.jobId, result.text, JSON.stringify(result.meta), ...usageColumns(result.usage), warningsOf(result)],
    );
    await tx.query(
      `UPDATE jobs SET status = 'COMPLETED', progress = 1, error = NULL, finished_at = now(), candidate_id = $2,
         lease_hash = NULL, lease_expires_at = NULL
       WHERE id = $1`,
      [held.jobId, candidateId],
    );
    await endAttempt(tx, held, result.usage);
    await insertAssets(tx, candidateId, result.assets);
    const { gate } = await tx.one<{ gate: GatePolicy }>(
      `UPDATE pipeline_run_steps SET ranking_version = ranking_version + 1, last_progress_at = now() WHERE id = $1
       RETURNING gate`,
      [job.runStepId],
    );
    await resolveAlerts(tx, job.runStepId, ["GENERATION_STALLED"]);
    tx.emit("candidate_created", { runStepId: job.runStepId, candidateId, jobId: held.jobId });
    if (gate === "OPEN") await passOpenGate(tx, job.runStepId, [candidateId]);
    await advanceRun(tx);
    return candidateId;
  });
}

/**
 * Rows of known assets are written again, which takes their locks: whoever deletes one as unused lets this through first, or
 * has done it. In the order of the hashes, so that two jobs with the same files do not wait for each other.
 */
async function insertAssets(tx: RunTransaction, candidateId: number, assets: readonly StoredAsset[]): Promise<void> {
  if (assets.length === 0) return;
  await tx.query(
    `INSERT INTO assets (sha256, media_type, bytes, width, height)
     SELECT DISTINCT ON (sha256) * FROM unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::int[])
       AS asset(sha256, media_type, bytes, width, height)
     ORDER BY sha256
     ON CONFLICT (sha256) DO UPDATE SET created_at = now()`,
    [
      assets.map(({ sha256 }) => sha256),
      assets.map(({ mediaType }) => mediaType),
      assets.map(({ bytes }) => bytes),
      assets.map(({ width }) => width),
      assets.map(({ height }) => height),
    ],
  );
  await tx.query(
    `INSERT INTO candidate_assets (candidate_id, position, sha256)
     SELECT $1, asset.place - 1, asset.sha256 FROM unnest($2::text[]) WITH ORDINALITY AS asset(sha256, place)`,
    [candidateId, assets.map(({ sha256 }) => sha256)],
  );
}

/** Attempts at one job before it is given up. */
export const MAX_ATTEMPTS = 4;

/** Seconds before the next attempt: 1, 4, 16. */
export function backoffSeconds(attempts: number): number {
  return 4 ** (attempts - 1);
}

/** Why an attempt failed. */
export interface JobFailure {
  /** In words for people. */
  readonly message: string;
  readonly retryable: boolean;
  readonly usage?: Usage | undefined;
}

/**
 * Notes that an attempt failed, and queues the job again with backoff where that may help; else its slot is given up.
 *
 * @returns false when the job was no longer this worker's
 */
export async function failJob(
  deps: EngineDeps,
  held: Pick<HeldJob, "jobId" | "runId" | "fence">,
  failure: JobFailure,
): Promise<boolean> {
  return await withRun(deps, held.runId, null, (tx) => failHeldJob(tx, held, failure));
}

/** The same under the run's lock. */
export async function failHeldJob(
  tx: RunTransaction,
  held: Pick<HeldJob, "jobId" | "fence">,
  failure: JobFailure,
): Promise<boolean> {
  const job = await stillHeld(tx, held);
  if (!job) return false;
  const attempts = job.attempts + 1;
  const error = storableText(failure.message, 2_000);
  const delaySeconds = backoffSeconds(attempts);
  const again = failure.retryable && attempts < MAX_ATTEMPTS;
  const retryAt = again ? new Date(Date.now() + delaySeconds * 1_000).toISOString() : null;
  await tx.query(
    `UPDATE jobs SET status = $2::job_status, attempts = $3, error = $4, worker_id = NULL, external_id = NULL,
         lease_hash = NULL, lease_expires_at = NULL, leased_to_id = NULL, finished_at = CASE WHEN $2 = 'FAILED' THEN now() END
       WHERE id = $1`,
    [held.jobId, again ? "QUEUED" : "FAILED", attempts, error],
  );
  await endAttempt(tx, held, failure.usage);
  if (again) await enqueueJobs(tx, [held.jobId], { firstPlace: 1, delaySeconds });
  await tx.query(
    `UPDATE pipeline_run_steps SET failed_attempts = failed_attempts + 1, last_progress_at = now() WHERE id = $1`,
    [job.runStepId],
  );
  tx.emit("job_failed", { runStepId: job.runStepId, jobId: held.jobId, error, retryAt });
  await advanceRun(tx);
  return true;
}

/** What an attempt leaves behind, however it ended. */
async function endAttempt(tx: RunTransaction, attempt: Attempt, usage: Usage | undefined): Promise<void> {
  await dropUnfinished(tx, [attempt.jobId]);
  await countCost(tx, attempt, usage);
}

const MAX_WARNINGS = 20;

function warningsOf({ warnings = [], usage }: JobResult): string[] {
  const cost = usage?.costUsd ?? 0;
  const unlikely =
    cost > MAX_COST_USD
      ? [`The generator says that this has cost $${cost}, which is not believed and not counted.`]
      : [];
  return [...unlikely, ...warnings].slice(0, MAX_WARNINGS).map((warning) => storableText(warning, 500));
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

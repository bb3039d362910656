import { resolveAlerts } from "../advance/alerts.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { storableText } from "../rules/storable.ts";
import { stillHeld } from "./finish-job.ts";
import type { JobStopped, Preview } from "./generator.ts";
import { type HeldJob, touchStep } from "./start-job.ts";

/** What is told of a running job at once. What is left out stays as it is. */
export interface ProgressReport {
  /** Share that is done, 0 to 1. */
  readonly share?: number | undefined;
  readonly message?: string | null | undefined;
  /** All that is written so far. */
  readonly textSoFar?: string | undefined;
  readonly preview?: Preview | undefined;
  /** New lines of the job's log. */
  readonly log?: readonly string[] | undefined;
}

/** Characters of a job's log that are kept: the last ones. */
const LOG_LENGTH = 32_000;
/** Characters that are shown of what is written so far: the last ones. */
const TEXT_LENGTH = 20_000;
/** Bytes of a preview; what is larger is not shown. */
export const PREVIEW_BYTES = 1_048_576;
export const PREVIEW_TYPES: readonly string[] = ["image/png", "image/jpeg", "image/webp"];

/**
 * Tells how far a job is.
 *
 * @returns "held"; "unwanted" when nobody wants the candidate any more; "worker-ends" when somebody else has the job now
 */
export async function reportProgress(
  deps: EngineDeps,
  held: Pick<HeldJob, "jobId" | "runId" | "fence">,
  report: ProgressReport,
): Promise<"held" | JobStopped["why"]> {
  return await withRun(deps, held.runId, null, (tx) => writeReport(tx, held, report));
}

/**
 * The same under the run's lock.
 *
 * @param tell "thinned" where whoever reports does not thin out: then what changes nothing, or comes within a second of
 *   what was told last, is kept, but is no event
 */
export async function writeReport(
  tx: RunTransaction,
  held: Pick<HeldJob, "jobId" | "fence">,
  report: ProgressReport,
  tell: "always" | "thinned" = "always",
): Promise<"held" | JobStopped["why"]> {
  const job = await stillHeld(tx, held);
  if (!job) return await whyLost(tx, held.jobId);
  const { share, message, textSoFar, log = [] } = report;
  const { isNew, isSoon, ...now } = await tx.one<{
    progress: number;
    message: string | null;
    isNew: boolean;
    isSoon: boolean;
  }>(
    `UPDATE jobs j SET progress = coalesce($2, j.progress),
         progress_message = CASE WHEN $3 THEN $4 ELSE j.progress_message END,
         text_so_far = coalesce($5, j.text_so_far), log = right(j.log || $6, ${LOG_LENGTH})
       FROM jobs before WHERE j.id = $1 AND before.id = j.id
       RETURNING j.progress, j.progress_message AS message,
         (j.progress, j.progress_message, j.text_so_far, j.log)
           IS DISTINCT FROM (before.progress, before.progress_message, before.text_so_far, before.log) AS "isNew",
         coalesce(j.reported_at > now() - interval '1 second', false) AS "isSoon"`,
    [
      held.jobId,
      share === undefined || !Number.isFinite(share) ? null : Math.min(1, Math.max(0, share)),
      message !== undefined,
      message == null ? null : storableText(message, 500),
      textSoFar === undefined ? null : storableText(textSoFar.slice(-TEXT_LENGTH), TEXT_LENGTH),
      log.map((line) => `${storableText(line, 2_000)}\n`).join(""),
    ],
  );
  if (report.preview) await keepPreview(tx, held.jobId, report.preview);
  await touchStep(tx, job.runStepId);
  await resolveAlerts(tx, job.runStepId, ["GENERATION_STALLED"]);
  if (tell === "thinned") {
    if (isSoon || (!isNew && !report.preview)) return "held";
    await tx.query(`UPDATE jobs SET reported_at = now() WHERE id = $1`, [held.jobId]);
  }
  tx.emit("job_progressed", { runStepId: job.runStepId, jobId: held.jobId, ...now });
  return "held";
}

/** Why a job is not its worker's any more: nobody wants it, or somebody else has it, who takes over what goes on elsewhere. */
export async function whyLost(tx: RunTransaction, jobId: number): Promise<JobStopped["why"]> {
  const wanted = await tx.maybe(`SELECT 1 FROM jobs WHERE id = $1 AND status IN ('QUEUED', 'RUNNING', 'COMPLETED')`, [
    jobId,
  ]);
  return wanted ? "worker-ends" : "unwanted";
}

async function keepPreview(tx: RunTransaction, jobId: number, { bytes, mediaType }: Preview): Promise<void> {
  if (bytes.byteLength > PREVIEW_BYTES || !PREVIEW_TYPES.includes(mediaType)) return;
  await tx.query(
    `INSERT INTO job_previews (job_id, media_type, bytes) VALUES ($1, $2, $3)
     ON CONFLICT (job_id) DO UPDATE SET media_type = excluded.media_type, bytes = excluded.bytes,
       version = job_previews.version + 1`,
    [jobId, mediaType, Buffer.from(bytes)],
  );
}

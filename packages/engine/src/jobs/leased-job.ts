// Jobs that somebody answers for over the API, found by the token that they were given.

import { queryable } from "../db/queryable.ts";
import type { JobStatus } from "../db/rows.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { LeaseLostError } from "../errors.ts";
import { type Attempt, countCost } from "./attempt-cost.ts";
import type { Usage } from "./generator.ts";
import { leaseHash } from "./held-job.ts";
import { costOf } from "./usage.ts";

/** A job and who may answer for it. */
export interface LeasedJob {
  readonly jobId: number;
  readonly runId: number;
  /** Proves, as a worker's does, that the job was given to nobody else since. */
  readonly fence: number;
  readonly generator: string;
  /** CANCELLED where nobody wants the candidate any more. */
  readonly status: Extract<JobStatus, "RUNNING" | "CANCELLED">;
}

/**
 * The job that a token was given out for.
 *
 * @throws LeaseLostError when the token is unknown, its lease has ended, or the job was answered for
 */
export async function findLeasedJob(deps: Pick<EngineDeps, "pool">, token: string): Promise<LeasedJob> {
  const found = await lookUp(deps, token);
  if ("refusal" in found) throw found.refusal;
  return found.job;
}

/**
 * The same for an answer. What the attempt has cost counts, though nobody takes what was made: once, however often the
 * answer is sent.
 *
 * @param usage of the attempt
 * @throws LeaseLostError for a job that was cancelled too
 */
export async function findWantedJob(deps: EngineDeps, token: string, usage: Usage | undefined): Promise<LeasedJob> {
  const found = await lookUp(deps, token);
  if ("job" in found && found.job.status === "RUNNING") return found.job;
  const attempt = "job" in found ? found.job : found.attempt;
  if (attempt) await countLateCost(deps, attempt, usage);
  throw "job" in found ? jobUnwanted(found.job.jobId) : found.refusal;
}

/** Of an attempt that somebody had on lease. Whatever went on elsewhere for it, no other attempt takes it up. */
export async function countLateCost(
  deps: EngineDeps,
  attempt: Attempt & { readonly runId: number },
  usage: Usage | undefined,
): Promise<void> {
  if (costOf(usage)) await withRun(deps, attempt.runId, null, (tx) => countCost(tx, attempt, usage));
}

interface FoundRow extends Omit<LeasedJob, "status" | "fence"> {
  readonly status: JobStatus;
  /** Of the attempt that the token was given out for; null where it was for none that is known. */
  readonly fence: number | null;
  readonly isOurs: boolean;
  readonly isLate: boolean;
}

/** The attempt is null where the token proves nothing. */
type Refused = { readonly refusal: LeaseLostError; readonly attempt: (Attempt & { readonly runId: number }) | null };

async function lookUp(
  { pool }: Pick<EngineDeps, "pool">,
  token: string,
): Promise<{ readonly job: LeasedJob } | Refused> {
  const jobId = Number(/^lease_(\d{1,9})_[\w-]{32}$/.exec(token)?.[1]);
  const row = Number.isNaN(jobId)
    ? undefined
    : await queryable(pool).maybe<FoundRow>(
        `SELECT j.id AS "jobId", j.pipeline_run_id AS "runId", a.fence, j.generator, j.status,
           j.lease_hash IS NOT DISTINCT FROM $2 AS "isOurs", j.lease_expires_at < now() AS "isLate"
         FROM jobs j LEFT JOIN job_attempts a ON a.job_id = j.id AND a.lease_hash = $2 WHERE j.id = $1`,
        [jobId, leaseHash(token)],
      );
  if (!row) {
    const message = "No job was given out by this token. Send the leaseToken that came with the job.";
    return { refusal: new LeaseLostError(message), attempt: null };
  }
  const { runId, fence, generator, status, isOurs, isLate } = row;
  const attempt = fence === null ? null : { jobId, runId, fence };
  if (status === "COMPLETED") {
    return { refusal: new LeaseLostError(`Job ${jobId} is done: its candidate is there. Claim another.`), attempt };
  }
  const isRunning = status === "RUNNING" && !isLate;
  if (attempt === null || !isOurs || !(isRunning || status === "CANCELLED")) {
    return { refusal: leaseEnded(jobId), attempt };
  }
  return { job: { ...attempt, generator, status: status === "CANCELLED" ? status : "RUNNING" } };
}

export function leaseEnded(jobId: number): LeaseLostError {
  return new LeaseLostError(
    `The lease of job ${jobId} has ended, and the job is given to whoever asks next. Throw away what you made, and claim another; send heartbeats before the lease ends.`,
  );
}

function jobUnwanted(jobId: number): LeaseLostError {
  return new LeaseLostError(`Nobody wants the candidate of job ${jobId} any more. Throw it away, and claim another.`);
}

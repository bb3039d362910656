// Jobs that somebody answers for over the API, found by the token that they were given.

import { queryable } from "../db/queryable.ts";
import type { JobStatus } from "../db/rows.ts";
import type { EngineDeps } from "../deps.ts";
import { LeaseLostError } from "../errors.ts";
import { costOf } from "./finish-job.ts";
import type { Usage } from "./generator.ts";
import { leaseHash } from "./held-job.ts";
import { countRefusedUsage } from "./refused-usage.ts";

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
export async function findLeasedJob({ pool }: Pick<EngineDeps, "pool">, token: string): Promise<LeasedJob> {
  const jobId = Number(/^lease_(\d{1,9})_[\w-]{32}$/.exec(token)?.[1]);
  const job = Number.isNaN(jobId)
    ? undefined
    : await queryable(pool).maybe<Omit<LeasedJob, "status"> & { status: JobStatus; isOurs: boolean; isLate: boolean }>(
        `SELECT id AS "jobId", pipeline_run_id AS "runId", fence, generator, status,
           lease_hash IS NOT DISTINCT FROM $2 AS "isOurs", lease_expires_at < now() AS "isLate"
         FROM jobs WHERE id = $1`,
        [jobId, leaseHash(token)],
      );
  if (!job) throw new LeaseLostError("No job was given out by this token. Send the leaseToken that came with the job.");
  const { status, isOurs, isLate } = job;
  if (status === "COMPLETED") throw new LeaseLostError(`Job ${jobId} is done: its candidate is there. Claim another.`);
  if (isOurs && status === "CANCELLED") return { ...job, status };
  if (!isOurs || status !== "RUNNING" || isLate) throw leaseEnded(jobId);
  return { ...job, status };
}

export function leaseEnded(jobId: number): LeaseLostError {
  return new LeaseLostError(
    `The lease of job ${jobId} has ended, and the job is given to whoever asks next. Throw away what you made, and claim another; send heartbeats before the lease ends.`,
  );
}

/**
 * The same for an answer. Whoever tells what it has cost ends the lease of a job that was cancelled by it.
 *
 * @param usage of the attempt: its cost counts once, though nobody wants what was made
 * @throws LeaseLostError for a job that was cancelled too
 */
export async function findWantedJob(deps: EngineDeps, token: string, usage: Usage | undefined): Promise<LeasedJob> {
  const job = await findLeasedJob(deps, token);
  if (job.status !== "CANCELLED") return job;
  if (costOf(usage)) {
    const isFirst = await queryable(deps.pool).query(
      `UPDATE jobs SET lease_hash = NULL, lease_expires_at = NULL WHERE id = $1 AND lease_hash = $2`,
      [job.jobId, leaseHash(token)],
    );
    if (isFirst) await countRefusedUsage(deps, job, usage);
  }
  throw jobUnwanted(job.jobId);
}

function jobUnwanted(jobId: number): LeaseLostError {
  return new LeaseLostError(`Nobody wants the candidate of job ${jobId} any more. Throw it away, and claim another.`);
}

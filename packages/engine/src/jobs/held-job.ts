// What a worker notes about a job that it holds, beside how far it is.

import { createHash, randomBytes } from "node:crypto";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { stillHeld } from "./finish-job.ts";
import { JobStopped, type Lease } from "./generator.ts";
import { whyLost } from "./report-progress.ts";
import type { HeldJob } from "./start-job.ts";

type Held = Pick<HeldJob, "jobId" | "runId" | "fence">;

/**
 * Keeps what a service knows the attempt by. It is saved before the work is waited for, so that whoever takes the job
 * over after a crash finds that work instead of paying for it twice.
 *
 * @throws JobStopped when the job is not this worker's any more
 */
export async function saveExternalId(deps: EngineDeps, held: Held, externalId: string): Promise<void> {
  await withRun(deps, held.runId, null, async (tx) => {
    if (!(await stillHeld(tx, held))) throw new JobStopped(await whyLost(tx, held.jobId));
    await tx.query(`UPDATE jobs SET external_id = $2 WHERE id = $1`, [held.jobId, externalId]);
  });
}

/** The token's hash, which is all that is kept of it. */
export function leaseHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/**
 * Lets whoever is given the token answer for the job until the lease ends.
 *
 * @param seconds from now, at least 1
 * @throws JobStopped when the job is not this worker's any more
 */
export async function leaseHeldJob(deps: EngineDeps, held: Held, seconds: number): Promise<Lease> {
  return await withRun(deps, held.runId, null, async (tx) => {
    if (!(await stillHeld(tx, held))) throw new JobStopped(await whyLost(tx, held.jobId));
    return await leaseJob(tx, held.jobId, seconds, null);
  });
}

/**
 * The same for a job that this transaction knows to be running. The token names its job, so that nobody has to look for it.
 *
 * @param leasedToId who has claimed it; null where a worker hands it on
 */
export async function leaseJob(
  tx: RunTransaction,
  jobId: number,
  seconds: number,
  leasedToId: number | null,
): Promise<Lease> {
  const token = `lease_${jobId}_${randomBytes(24).toString("base64url")}`;
  const { expiresAt } = await tx.one<{ expiresAt: Date }>(
    `WITH leased AS (
       UPDATE jobs SET lease_hash = $2, lease_expires_at = now() + make_interval(secs => $3::float8), leased_to_id = $4
       WHERE id = $1 RETURNING id, fence, lease_hash, lease_expires_at
     ), attempt AS (
       INSERT INTO job_attempts (job_id, fence, lease_hash) SELECT id, fence, lease_hash FROM leased
       ON CONFLICT (job_id, fence) DO UPDATE SET lease_hash = excluded.lease_hash
     )
     SELECT lease_expires_at AS "expiresAt" FROM leased`,
    [jobId, leaseHash(token), Math.max(1, seconds), leasedToId],
  );
  return { token, expiresAt };
}

/** The worker lets go of a job that somebody else answers for. */
export async function detachJob(deps: EngineDeps, held: Held): Promise<void> {
  await withRun(deps, held.runId, null, async (tx) => {
    if (await stillHeld(tx, held)) await tx.query(`UPDATE jobs SET worker_id = NULL WHERE id = $1`, [held.jobId]);
  });
}

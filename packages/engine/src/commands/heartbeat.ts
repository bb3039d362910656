import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { findLeasedJob, leaseEnded } from "../jobs/leased-job.ts";
import { type ProgressReport, writeReport } from "../jobs/report-progress.ts";
import { assertLeaseSeconds } from "./claim-job.ts";
import { previewOf } from "./preview-input.ts";

export interface HeartbeatInput extends Omit<ProgressReport, "preview"> {
  readonly leaseToken: string;
  /** From now. */
  readonly leaseSeconds: number;
  /** A PNG, JPEG or WebP of the unfinished candidate, in base64. */
  readonly preview?: string | undefined;
}

/**
 * Makes a lease longer, and tells how far the work is. What cannot be used is refused as a whole: the lease goes on as it
 * was, and ends when it would have ended.
 *
 * @returns `wanted` false where nobody wants the candidate any more, and the work is to be stopped
 * @throws ForbiddenError, InvalidInputError; LeaseLostError when the job is not on this lease any more
 */
export async function heartbeat(
  deps: EngineDeps,
  actor: Actor,
  { leaseToken, leaseSeconds, preview: sent, ...told }: HeartbeatInput,
): Promise<{ wanted: boolean; leaseExpiresAt: Date | null }> {
  assertMay(actor, "OPERATE");
  assertLeaseSeconds(leaseSeconds);
  const report = { ...told, preview: sent === undefined ? undefined : previewOf(sent) };
  const job = await findLeasedJob(deps, leaseToken);
  if (job.status === "CANCELLED") return { wanted: false, leaseExpiresAt: null };
  return await withRun(deps, job.runId, null, async (tx) => {
    const state = await writeReport(tx, job, report, "thinned");
    if (state === "unwanted") return { wanted: false, leaseExpiresAt: null };
    if (state === "worker-ends") throw leaseEnded(job.jobId);
    const { leaseExpiresAt } = await tx.one<{ leaseExpiresAt: Date }>(
      `UPDATE jobs SET lease_expires_at = now() + make_interval(secs => $2::float8)
       WHERE id = $1 RETURNING lease_expires_at AS "leaseExpiresAt"`,
      [job.jobId, leaseSeconds],
    );
    return { wanted: true, leaseExpiresAt };
  });
}

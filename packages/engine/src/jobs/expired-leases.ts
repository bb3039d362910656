import { queryable } from "../db/queryable.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { failHeldJob } from "./finish-job.ts";

/**
 * Ends the attempts whose leases ran out without an answer: they count as failed, and are tried again where there are
 * attempts left. An answer that comes after that is refused.
 *
 * @returns how many there were
 * @throws AggregateError, once all others are ended, when some could not be
 */
export async function expireLeases(deps: EngineDeps): Promise<number> {
  const expired = await queryable(deps.pool).many<{ jobId: number; runId: number; fence: number }>(
    `SELECT id AS "jobId", pipeline_run_id AS "runId", fence FROM jobs
     WHERE lease_expires_at < now() AND status = 'RUNNING' ORDER BY lease_expires_at LIMIT 100`,
  );
  let ended = 0;
  const errors: unknown[] = [];
  for (const { runId, ...held } of expired) {
    try {
      ended += await withRun(deps, runId, null, async (tx) => {
        // A heartbeat may have come since.
        const late = await tx.maybe(`SELECT 1 FROM jobs WHERE id = $1 AND lease_expires_at < now()`, [held.jobId]);
        if (!late) return 0;
        const failure = { message: "Nobody answered before the lease ran out.", retryable: true };
        return (await failHeldJob(tx, held, failure)) ? 1 : 0;
      });
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} leases that ran out could not be ended.`);
  return ended;
}

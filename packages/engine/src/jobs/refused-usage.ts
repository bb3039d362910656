import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { costOf } from "./finish-job.ts";
import type { Usage } from "./generator.ts";
import type { HeldJob } from "./start-job.ts";

/**
 * Counts what an attempt has cost whose result is not taken, because nobody wants it any more or somebody else has the
 * job: the money is spent all the same. Work elsewhere that is taken up again tells its cost then, and what was counted
 * with a result is not counted here.
 *
 * Not tried again where the database is away: rather not counted than counted twice.
 */
export async function countRefusedUsage(
  deps: EngineDeps,
  { jobId, runId, fence }: Pick<HeldJob, "jobId" | "runId" | "fence">,
  usage: Usage | undefined,
): Promise<void> {
  const cost = costOf(usage);
  if (!cost) return;
  await withRun(deps, runId, null, (tx) =>
    tx.query(
      `WITH spent AS (
         UPDATE jobs SET cost_usd = cost_usd + $2
         WHERE id = $1 AND (external_id IS NULL OR status IN ('CANCELLED', 'FAILED'))
           AND NOT (status = 'COMPLETED' AND fence = $3)
         RETURNING pipeline_run_id AS run_id
       )
       UPDATE pipeline_runs r SET cost_usd = r.cost_usd + $2 FROM spent WHERE r.id = spent.run_id`,
      [jobId, cost, fence],
    ),
  );
}

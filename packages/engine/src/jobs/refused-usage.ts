import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { countCost } from "./attempt-cost.ts";
import type { Usage } from "./generator.ts";
import type { HeldJob } from "./start-job.ts";
import { costOf } from "./usage.ts";

/**
 * Counts what an attempt has cost whose result is not taken, because nobody wants it any more or somebody else has the
 * job: the money is spent all the same. Work elsewhere that is taken up again tells its cost then. What was counted with
 * a result, or before, is not counted again, so this is safe to repeat.
 */
export async function countRefusedUsage(
  deps: EngineDeps,
  { jobId, runId, fence }: Pick<HeldJob, "jobId" | "runId" | "fence">,
  usage: Usage | undefined,
): Promise<void> {
  if (!costOf(usage)) return;
  await withRun(deps, runId, null, async (tx) => {
    const isOver = await tx.maybe(
      `SELECT 1 FROM jobs WHERE id = $1 AND (external_id IS NULL OR status IN ('CANCELLED', 'FAILED'))`,
      [jobId],
    );
    if (isOver) await countCost(tx, { jobId, fence }, usage);
  });
}

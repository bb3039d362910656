import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { endRun } from "../advance/run-status.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { assertActive, checkComment } from "./decision-checks.ts";

/**
 * A5: stops one run for good. Its queued jobs are cancelled, its running ones told to stop; other runs go on.
 *
 * @throws NotFoundError, ForbiddenError, RunNotActiveError
 */
export async function abortRun(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly runId: number; readonly reason?: string | null | undefined },
): Promise<{ runId: number; eventSeq: number }> {
  assertMay(actor, "OPERATE");
  const reason = checkComment(input.reason);
  return await withRun(deps, input.runId, actor, async (tx) => {
    assertActive(tx.run);
    await endRun(tx, "ABORTED", reason);
    return { runId: tx.run.id, eventSeq: tx.run.eventSeq };
  });
}

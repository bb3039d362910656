import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { findRunId } from "../db/find-run.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { openAlert } from "./alert-checks.ts";

/**
 * L2: somebody says that they look after an alert. Nobody is reminded of it any more; it stays open until its run
 * moves. A second acknowledgement changes nothing: the first one's name stays. It also ends a snooze.
 *
 * @throws ForbiddenError, NotFoundError, AlertResolvedError
 */
export async function acknowledgeAlert(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly alertId: number },
): Promise<{ alertId: number; eventSeq: number }> {
  assertMay(actor, "DECIDE");
  const runId = await findRunId(deps, "alert", input.alertId);
  return await withRun(deps, runId, actor, async (tx) => {
    const alert = await openAlert(tx, input.alertId);
    const changed = await tx.query(
      `UPDATE alerts SET acknowledged_at = coalesce(acknowledged_at, now()),
         acknowledged_by_id = CASE WHEN acknowledged_at IS NULL THEN $2 ELSE acknowledged_by_id END, snoozed_until = NULL
       WHERE id = $1 AND (acknowledged_at IS NULL OR snoozed_until IS NOT NULL)`,
      [alert.alertId, actor.id],
    );
    if (changed > 0) tx.emit("alert_acknowledged", { ...alert });
    return { alertId: alert.alertId, eventSeq: tx.run.eventSeq };
  });
}

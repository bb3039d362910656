import type { AlertKind } from "../db/rows.ts";
import type { RunTransaction } from "../db/run-transaction.ts";

/** Raises an alert, unless the same one is open: one per stall, however often it is looked for (L2). */
export async function raiseAlert(
  tx: RunTransaction,
  alert: { kind: AlertKind; runStepId: number | null; message: string },
): Promise<void> {
  const raised = await tx.maybe<{ id: number }>(
    `INSERT INTO alerts (kind, pipeline_run_id, pipeline_run_step_id, message) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING id`,
    [alert.kind, tx.run.id, alert.runStepId, alert.message],
  );
  if (raised) tx.emit("alert_raised", { runStepId: alert.runStepId, alertId: raised.id, kind: alert.kind });
}

/** Alerts resolve by themselves when what they told of is over. */
export async function resolveAlerts(tx: RunTransaction, runStepId: number, kinds: readonly AlertKind[]): Promise<void> {
  await resolve(tx, `pipeline_run_step_id = $2 AND kind = ANY($3::alert_kind[])`, [runStepId, kinds]);
}

export async function resolveAllAlerts(tx: RunTransaction): Promise<void> {
  await resolve(tx, "true", []);
}

async function resolve(tx: RunTransaction, condition: string, values: readonly unknown[]): Promise<void> {
  const resolved = await tx.many<{ alertId: number; runStepId: number | null; kind: AlertKind }>(
    `UPDATE alerts SET resolved_at = now() WHERE pipeline_run_id = $1 AND resolved_at IS NULL AND ${condition}
     RETURNING id AS "alertId", pipeline_run_step_id AS "runStepId", kind`,
    [tx.run.id, ...values],
  );
  for (const alert of resolved) tx.emit("alert_resolved", alert);
}

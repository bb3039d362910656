import type { AlertKind } from "../db/rows.ts";
import type { RunTransaction } from "../db/run-transaction.ts";

/** What is said when an alert is raised. */
export interface NewAlert {
  readonly kind: AlertKind;
  readonly runStepId: number | null;
  readonly message: string;
  /** When what it tells of began; now where that is what it tells of. */
  readonly since?: Date;
  /** When it is raised; now, by the database's clock, where it is left out. */
  readonly at?: Date | null;
}

/** Raises an alert, unless the same one is open: one per stall, however often it is looked for (L2). */
export async function raiseAlert(tx: RunTransaction, alert: NewAlert): Promise<void> {
  const raised = await tx.maybe<{ id: number }>(
    `INSERT INTO alerts (kind, pipeline_run_id, pipeline_run_step_id, message, raised_at, since)
     SELECT $1, $2, $3, $4, at, coalesce($6::timestamptz, at) FROM (SELECT coalesce($5::timestamptz, now()) AS at) raised
     ON CONFLICT DO NOTHING RETURNING id`,
    [alert.kind, tx.run.id, alert.runStepId, alert.message, alert.at ?? null, alert.since ?? null],
  );
  if (!raised) return;
  if (alert.kind === "APPROVAL_STALLED") {
    await tx.query(
      `UPDATE approvals SET stalled = true WHERE pipeline_run_step_id = $1 AND status = 'PENDING' AND NOT stalled`,
      [alert.runStepId],
    );
  }
  tx.emit("alert_raised", { runStepId: alert.runStepId, alertId: raised.id, kind: alert.kind });
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
  const waited = resolved.filter(({ kind }) => kind === "APPROVAL_STALLED").map(({ runStepId }) => runStepId);
  if (waited.length > 0) {
    await tx.query(`UPDATE approvals SET stalled = false WHERE pipeline_run_step_id = ANY($1) AND stalled`, [waited]);
  }
  for (const alert of resolved) tx.emit("alert_resolved", alert);
}

// What the commands that look after an alert share: no command of its own.

import type { AlertKind } from "../db/rows.ts";
import type { RunTransaction } from "../db/run-transaction.ts";
import { AlertResolvedError, NotFoundError } from "../errors.ts";

/** An alert that can still be looked after, under its run's lock. */
export interface OpenAlert {
  readonly alertId: number;
  readonly runStepId: number | null;
  readonly kind: AlertKind;
}

/** @throws NotFoundError; AlertResolvedError when its stall is over */
export async function openAlert(tx: RunTransaction, alertId: number): Promise<OpenAlert> {
  const alert = await tx.maybe<OpenAlert & { resolved: boolean }>(
    `SELECT id AS "alertId", pipeline_run_step_id AS "runStepId", kind, resolved_at IS NOT NULL AS resolved
     FROM alerts WHERE id = $1 AND pipeline_run_id = $2`,
    [alertId, tx.run.id],
  );
  if (!alert) throw new NotFoundError("There is no such alert.");
  if (alert.resolved) throw new AlertResolvedError();
  return { alertId: alert.alertId, runStepId: alert.runStepId, kind: alert.kind };
}

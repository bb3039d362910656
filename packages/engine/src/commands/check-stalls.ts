import { raiseAlert, resolveAlerts } from "../advance/alerts.ts";
import { dueAlerts, overAlerts, type Stall, stalls } from "../advance/due-alerts.ts";
import { queryable } from "../db/queryable.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { activePeople, decidersOf, nobodyMayDecide, waitingGates } from "../queries/deciders.ts";
import { spokenDuration } from "../rules/spoken-duration.ts";

/**
 * L1, L2: raises an alert for every gate that waits longer than its step's `stallAfter` and for every step whose jobs
 * make no progress; repeats those that last, on the ladder; tells the people of the step's policy at twice the time
 * that is allowed; and resolves what is over. It decides nothing.
 *
 * What is due is derived from the rows and looked at again under the run's lock, so it may run anywhere, at any time,
 * in several processes at once: each thing happens once.
 *
 * @param now the time to compare with; the database's by default
 * @throws AggregateError, after everything else was looked at, when a run could not be written
 */
export async function checkStalls(deps: EngineDeps, now: Date | null = null): Promise<void> {
  const db = queryable(deps.pool);
  const errors: unknown[] = [];
  // A run that cannot be had now keeps nobody from hearing of the others.
  const inRun = async (runId: number, work: (tx: RunTransaction) => Promise<void>): Promise<void> => {
    await withRun(deps, runId, null, work).catch((error: unknown) => errors.push(error));
  };
  for (const { runId, runStepId, kind } of await overAlerts(db)) {
    await inRun(runId, async (tx) => {
      const over = await overAlerts(tx, { runId });
      if (over.some((alert) => alert.runStepId === runStepId && alert.kind === kind)) {
        await resolveAlerts(tx, runStepId, [kind]);
      }
    });
  }
  for (const { runId, runStepId } of await stalls(db, { now })) {
    await inRun(runId, async (tx) => {
      // Under the lock it may have moved on.
      for (const stall of await stalls(tx, { now, id: runStepId })) {
        const message = await describeStall(tx, stall);
        await raiseAlert(tx, { kind: stall.kind, runStepId, message, since: stall.since, at: now });
      }
    });
  }
  for (const { runId, alertId } of await dueAlerts(db, { now })) {
    await inRun(runId, (tx) => tellAgain(tx, alertId, now));
  }
  if (errors.length > 0)
    throw new AggregateError(errors, "Some stalls could not be looked at; the next look tries again.");
}

async function tellAgain(tx: RunTransaction, alertId: number, now: Date | null): Promise<void> {
  const [due] = await dueAlerts(tx, { now, id: alertId });
  if (!due) return;
  const { runStepId, kind } = due;
  if (due.remind) {
    const { reminders } = await tx.one<{ reminders: number }>(
      `UPDATE alerts SET reminders = reminders + 1, reminded_at = coalesce($2::timestamptz, now()) WHERE id = $1
       RETURNING reminders`,
      [alertId, now],
    );
    tx.emit("alert_reminded", { runStepId, alertId, kind, reminders });
  }
  if (due.escalateTo.length > 0) {
    await tx.query(
      `UPDATE alerts SET escalated_to = escalated_to || $2::text[], escalated_at = coalesce($3::timestamptz, now())
       WHERE id = $1`,
      [alertId, due.escalateTo, now],
    );
    tx.emit("alert_escalated", { runStepId, alertId, kind, to: due.escalateTo, comment: null });
  }
}

async function describeStall(tx: RunTransaction, stall: Stall): Promise<string> {
  const title = `Run #${stall.runId}, step ${stall.position} (${stall.name})`;
  const allowed = `${spokenDuration(stall.allowedSeconds)} are allowed`;
  const since = stall.since.toISOString();
  if (stall.kind === "GENERATION_STALLED") {
    return `${title} has made no progress since ${since}; ${allowed}. Check that a worker runs and its generator answers.`;
  }
  const gate = (await waitingGates(tx, [stall.runId])).find(({ runStepId }) => runStepId === stall.runStepId);
  const nobody = gate && nobodyMayDecide(gate, decidersOf(gate, await activePeople(tx)));
  const action = nobody ? `${nobody.message} ${nobody.action}` : "Somebody has to approve or reject it.";
  return `${title} has waited for approval since ${since}; ${allowed}. ${action}`;
}

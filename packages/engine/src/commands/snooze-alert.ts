import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { findRunId } from "../db/find-run.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import { openAlert } from "./alert-checks.ts";

/** 30 days: whoever wants to hear of it later than that does not want to hear of it. */
const MAX_SNOOZE_MINUTES = 43_200;

export interface SnoozeAlertInput {
  readonly alertId: number;
  /** From now; 1 to 43,200. Either this or `until`. */
  readonly minutes?: number | null | undefined;
  readonly until?: Date | null | undefined;
}

/**
 * L2: puts an alert off. Until then nobody is reminded and nobody else is told; at its end everybody is reminded once, unless the
 * run has moved on. A second snooze takes the place of the first.
 *
 * @throws ForbiddenError, NotFoundError, InvalidInputError, AlertResolvedError
 */
export async function snoozeAlert(
  deps: EngineDeps,
  actor: Actor,
  input: SnoozeAlertInput,
): Promise<{ alertId: number; eventSeq: number }> {
  assertMay(actor, "DECIDE");
  const until = endOf(input);
  const runId = await findRunId(deps, "alert", input.alertId);
  return await withRun(deps, runId, actor, async (tx) => {
    const alert = await openAlert(tx, input.alertId);
    await tx.query(`UPDATE alerts SET snoozed_until = $2 WHERE id = $1`, [alert.alertId, until]);
    tx.emit("alert_snoozed", { ...alert, until: until.toISOString() });
    return { alertId: alert.alertId, eventSeq: tx.run.eventSeq };
  });
}

function endOf({ minutes, until }: SnoozeAlertInput): Date {
  if ((minutes ?? null) === null && (until ?? null) === null) {
    throw new InvalidInputError("Say for how long: `minutes`, or a time as `until`.", "minutes");
  }
  if (minutes != null && until != null) {
    throw new InvalidInputError("Give either `minutes` or `until`, not both.", "until");
  }
  if (minutes != null) {
    if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MAX_SNOOZE_MINUTES) {
      return new Date(Date.now() + minutes * 60_000);
    }
    throw new InvalidInputError(
      `\`minutes\` is a whole number from 1 to ${MAX_SNOOZE_MINUTES} (30 days), not ${minutes}.`,
      "minutes",
    );
  }
  const left = (until as Date).getTime() - Date.now();
  if (left > 0 && left <= MAX_SNOOZE_MINUTES * 60_000) return until as Date;
  throw new InvalidInputError("`until` is a time within the next 30 days.", "until");
}

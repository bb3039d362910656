import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { findRunId } from "../db/find-run.ts";
import { queryable } from "../db/queryable.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import { activePeople } from "../queries/deciders.ts";
import { isAmong, parseApprover } from "../rules/approvers.ts";
import { assertStorable } from "../rules/storable.ts";
import { openAlert } from "./alert-checks.ts";
import { checkComment } from "./decision-checks.ts";

const MAX_RECIPIENTS = 50;

export interface EscalateAlertInput {
  readonly alertId: number;
  /** Names or email addresses of people, and `role:approver` for everybody of that role or above. */
  readonly to: readonly string[];
  readonly comment?: string | null | undefined;
}

/**
 * L2: tells other people of an alert. They are added to those who were told before; who was told already is told again.
 * It gives nobody a right that they do not have.
 *
 * @throws ForbiddenError, NotFoundError, AlertResolvedError; InvalidInputError when `to` names nobody, or somebody who
 *   is not known
 */
export async function escalateAlert(
  deps: EngineDeps,
  actor: Actor,
  input: EscalateAlertInput,
): Promise<{ alertId: number; eventSeq: number }> {
  assertMay(actor, "DECIDE");
  const comment = checkComment(input.comment);
  const runId = await findRunId(deps, "alert", input.alertId);
  const to = await recipients(deps, input.to);
  return await withRun(deps, runId, actor, async (tx) => {
    const alert = await openAlert(tx, input.alertId);
    await tx.query(
      `UPDATE alerts SET escalated_at = now(),
         escalated_to = escalated_to || ARRAY(
           SELECT name FROM unnest($2::text[]) WITH ORDINALITY AS told(name, place)
           WHERE name <> ALL (escalated_to) ORDER BY place)
       WHERE id = $1`,
      [alert.alertId, to],
    );
    tx.emit("alert_escalated", { ...alert, to, comment });
    return { alertId: alert.alertId, eventSeq: tx.run.eventSeq };
  });
}

/** Each once: `role:…` in lower case, and people as they are named. */
async function recipients(deps: EngineDeps, to: readonly string[]): Promise<string[]> {
  assertStorable(to, "A name", "to");
  const roles = new Set<string>();
  const people = new Set<string>();
  for (const entry of to) {
    const named = parseApprover(entry);
    if ("wrong" in named) throw new InvalidInputError(named.wrong, "to");
    if ("role" in named) roles.add(`role:${named.role.toLowerCase()}`);
    else if (named.person) people.add(named.person);
  }
  const all = [...people, ...roles];
  if (all.length === 0) throw new InvalidInputError("Say whom to tell: names, or `role:approver`.", "to");
  if (all.length > MAX_RECIPIENTS) {
    throw new InvalidInputError(`At most ${MAX_RECIPIENTS} people and roles can be told at a time.`, "to");
  }
  const known = await activePeople(queryable(deps.pool));
  const missing = [...people].find((person) => !known.some((each) => isAmong(each, { people: [person], roles: [] })));
  if (missing !== undefined) throw new InvalidInputError(`There is nobody called "${missing}".`, "to");
  return all;
}

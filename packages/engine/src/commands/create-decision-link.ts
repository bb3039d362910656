import { assertMayDecide } from "../access.ts";
import type { Actor } from "../actor.ts";
import { loadSteps } from "../advance/step-state.ts";
import { actorNow } from "../db/actor-now.ts";
import { findRunId } from "../db/find-run.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { ForbiddenError, InvalidInputError } from "../errors.ts";
import { DEFAULT_HOURS, issueDecisionLink, MAX_HOURS } from "../notifications/decision-links.ts";
import { assertUndecided, gateToDecide, stepOf } from "./decision-checks.ts";

const HOUR_MS = 3_600_000;

/**
 * Makes a link with which the one who asks can decide a gate that waits, without signing in: once, and for so many hours,
 * or until the key that they came with expires. A link does what its person may do, so a key that may do less makes none.
 *
 * @returns the secret of the link, which is not shown again
 * @throws NotFoundError, ForbiddenError (G12; by a key with scopes), ApprovalFinalError, RunNotActiveError, InvalidInputError where nobody is
 *   asked yet
 */
export async function createDecisionLink(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly runStepId: number; readonly hours?: number | null | undefined },
): Promise<{ linkId: number; secret: string }> {
  const hours = input.hours ?? DEFAULT_HOURS;
  if (!(hours >= 1 && hours <= MAX_HOURS)) {
    throw new InvalidInputError(`A link lasts from 1 to ${MAX_HOURS} hours.`, "hours");
  }
  if (actor.scopes !== null) {
    throw new ForbiddenError(
      "A link would outrank this API key, which has scopes. Make it in the dashboard, or with a key without scopes.",
    );
  }
  const runId = await findRunId(deps, "step", input.runStepId);
  return await withRun(deps, runId, actor, async (tx) => {
    const step = stepOf(await loadSteps(tx), input.runStepId);
    assertMayDecide(await actorNow(tx, actor), gateToDecide(tx.run, step));
    assertUndecided(tx.run, step);
    const approval = await tx.maybe<{ id: number }>(
      `SELECT id FROM approvals WHERE pipeline_run_step_id = $1 AND status = 'PENDING'`,
      [step.id],
    );
    if (!approval) throw new InvalidInputError(`Step ${step.position} does not wait for approval yet.`, "stepId");
    const left = actor.expiresAt ? (actor.expiresAt.getTime() - Date.now()) / HOUR_MS : hours;
    const link = { approvalId: approval.id, actorId: actor.id, hours: Math.min(hours, left) };
    const { id, secret } = await issueDecisionLink(tx, link);
    return { linkId: id, secret };
  });
}

import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { resolveAlerts } from "../advance/alerts.ts";
import { loadBudget, whyBudgetIsSpent } from "../advance/run-budget.ts";
import { setRunStatus } from "../advance/run-status.ts";
import { loadSteps } from "../advance/step-state.ts";
import { findRunId } from "../db/find-run.ts";
import { isActive } from "../db/rows.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError, StepClosedError } from "../errors.ts";
import { enqueueJobs } from "../jobs/queue.ts";
import { givenUp } from "../rules/given-up.ts";
import { stepOf } from "./decision-checks.ts";

/**
 * Tries the jobs of a step again that were given up, or cancelled by a person, with a fresh failure budget. A run that
 * failed for want of them goes on (G16). Their seeds stay, so each makes the candidate it was to make.
 *
 * @throws NotFoundError, ForbiddenError; StepClosedError after the decision or when the run has ended otherwise;
 *   InvalidInputError when no job of the step was given up, or the run's budget is spent
 */
export async function retryFailedJobs(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly runStepId: number },
): Promise<{ runId: number; runStepId: number }> {
  assertMay(actor, "OPERATE");
  const runId = await findRunId(deps, "step", input.runStepId);
  return await withRun(deps, runId, actor, async (tx) => {
    const steps = await loadSteps(tx);
    const step = stepOf(steps, input.runStepId);
    if (step.frozen) throw new StepClosedError(`Step ${step.position} is decided: what advances through it is fixed.`);
    if (!isActive(tx.run.status) && tx.run.status !== "FAILED") {
      throw new StepClosedError(`Run #${runId} has ended: nothing more is made in it.`);
    }
    const spent = whyBudgetIsSpent(await loadBudget(tx));
    if (spent !== null) throw new InvalidInputError(`${spent} Raise the budget first.`, "stepId");
    // Of a parent that was rejected meanwhile no child is wanted any more.
    const jobs = await tx.many<{ id: number }>(
      `UPDATE jobs j SET status = 'QUEUED', attempts = 0, interruptions = 0, error = NULL, progress = 0, finished_at = NULL,
         cancelled_by_id = NULL, worker_id = NULL, external_id = NULL, lease_hash = NULL, lease_expires_at = NULL, leased_to_id = NULL
       WHERE j.pipeline_run_step_id = $1 AND ${givenUp("j")} AND j.round = $2 AND NOT EXISTS (
         SELECT 1 FROM candidates p WHERE p.id = j.parent_id AND (p.status <> 'ACTIVE' OR p.advancement <> 'ADVANCING'))
       RETURNING j.id`,
      [step.id, step.round],
    );
    if (jobs.length === 0) throw new InvalidInputError(`No job of step ${step.position} has failed.`, "stepId");
    await enqueueJobs(
      tx,
      jobs.map(({ id }) => id),
      { firstPlace: 1 },
    );
    await tx.query(
      `UPDATE pipeline_run_steps SET failed_attempts = 0, last_progress_at = now(), settled_at = NULL,
         status = CASE WHEN status = 'AWAITING_APPROVAL' THEN status ELSE 'GENERATING' END
       WHERE id = $1`,
      [step.id],
    );
    if (step.status !== "GENERATING" && step.status !== "AWAITING_APPROVAL") {
      tx.emit("step_status_changed", { runStepId: step.id, status: "GENERATING" });
    }
    tx.emit("jobs_retried", { runStepId: step.id, count: jobs.length });
    await resolveAlerts(tx, step.id, ["GENERATION_FAILING"]);
    await setRunStatus(tx, "RUNNING");
    await advanceRun(tx);
    return { runId, runStepId: step.id };
  });
}

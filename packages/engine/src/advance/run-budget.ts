import { isActive } from "../db/rows.ts";
import type { RunTransaction } from "../db/run-transaction.ts";
import { advanceRun } from "./advance-run.ts";
import { raiseAlert } from "./alerts.ts";

/** What a run may spend, and what it has spent. */
export interface RunBudget {
  /** Attempts at jobs; null is no limit. */
  readonly maxJobs: number | null;
  readonly attemptsStarted: number;
  /** US dollars; null is no limit. */
  readonly maxCostUsd: number | null;
  readonly costUsd: number;
}

export async function loadBudget(tx: RunTransaction): Promise<RunBudget> {
  return await tx.one(
    `SELECT max_jobs AS "maxJobs", attempts_started AS "attemptsStarted", max_cost_usd AS "maxCostUsd", cost_usd AS "costUsd"
     FROM pipeline_runs WHERE id = $1`,
    [tx.run.id],
  );
}

/** Why a run may start no attempt more, in a sentence; null while it may. */
export function whyBudgetIsSpent({ maxJobs, attemptsStarted, maxCostUsd, costUsd }: RunBudget): string | null {
  if (maxJobs !== null && attemptsStarted >= maxJobs) {
    return `The run has started ${attemptsStarted} ${attemptsStarted === 1 ? "attempt" : "attempts"}; its budget is ${maxJobs}.`;
  }
  if (maxCostUsd !== null && costUsd >= maxCostUsd) {
    return `The run has spent ${usd(costUsd)}; its budget is ${usd(maxCostUsd)}.`;
  }
  return null;
}

/** What is kept with a job that was not begun for it: true whatever the budget is later. */
function notTried({ maxJobs, attemptsStarted, maxCostUsd, costUsd }: RunBudget): string {
  const [spent, budget] =
    maxJobs !== null && attemptsStarted >= maxJobs
      ? [`started ${attemptsStarted} ${attemptsStarted === 1 ? "attempt" : "attempts"}`, maxJobs]
      : [`spent ${usd(costUsd)}`, usd(maxCostUsd ?? 0)];
  return `Not tried: by then the run had ${spent}, and its budget was ${budget}.`;
}

export function usd(amount: number): string {
  return `$${amount.toFixed(amount > 0 && amount < 0.1 ? 4 : 2)}`;
}

/**
 * Gives up what is queued in a run whose budget is spent, and takes the run as far as it goes with what it has; what
 * runs finishes. What was begun before a worker ended is no new expense: it is taken up again.
 *
 * @param budget one of which `whyBudgetIsSpent` has something to say
 */
export async function holdRun(tx: RunTransaction, budget: RunBudget): Promise<void> {
  const givenUp = await tx.many<{ runStepId: number; jobs: number }>(
    `WITH given_up AS (
       UPDATE jobs SET status = 'FAILED', finished_at = now(), error = coalesce(error, $2)
       WHERE pipeline_run_id = $1 AND status = 'QUEUED' AND external_id IS NULL RETURNING pipeline_run_step_id
     )
     SELECT pipeline_run_step_id AS "runStepId", count(*)::int AS jobs FROM given_up GROUP BY 1 ORDER BY 1`,
    [tx.run.id, notTried(budget)],
  );
  for (const { runStepId, jobs } of givenUp) tx.emit("jobs_cancelled", { runStepId, count: jobs });
  await advanceRun(tx);
  // A run that ended for it says so itself.
  if (!isActive(tx.run.status)) return;
  for (const { runStepId } of givenUp) {
    await raiseAlert(tx, {
      kind: "GENERATION_FAILING",
      runStepId,
      message: `Run #${tx.run.id} spends nothing more. ${whyBudgetIsSpent(budget)} Raise its budget, then retry the failed jobs.`,
    });
  }
}

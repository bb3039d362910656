import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { type RunBudget, whyBudgetIsSpent } from "../advance/run-budget.ts";
import { loadSteps } from "../advance/step-state.ts";
import type { BudgetLimits } from "../audit/audit-entry.ts";
import { budgetRecord } from "../audit/change-record.ts";
import { isActive } from "../db/rows.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { StepClosedError } from "../errors.ts";
import { type BudgetInput, checkBudget } from "./run-input.ts";

/**
 * Sets what a run may spend from its beginning on. Less than it has spent stops it, and the warning says so: what runs
 * finishes. Jobs that it gave up for want of a budget are tried again by `retryFailedJobs`, not by this.
 *
 * @throws NotFoundError, ForbiddenError, InvalidInputError (with the field); StepClosedError when the run has ended
 *   otherwise than by failing
 */
export async function setRunBudget(
  deps: EngineDeps,
  actor: Actor,
  input: BudgetInput & { readonly runId: number },
): Promise<{ runId: number; eventSeq: number; warning: string | null }> {
  assertMay(actor, "OPERATE");
  checkBudget(input);
  return await withRun(deps, input.runId, actor, async (tx) => {
    if (!isActive(tx.run.status) && tx.run.status !== "FAILED") {
      throw new StepClosedError(`Run #${input.runId} has ended: it spends nothing more.`);
    }
    const before = await tx.one<BudgetLimits>(
      `SELECT max_jobs AS "maxJobs", max_cost_usd AS "maxCostUsd" FROM pipeline_runs WHERE id = $1`,
      [input.runId],
    );
    const { attemptsStarted, costUsd, ...budget } = await tx.one<RunBudget>(
      `UPDATE pipeline_runs SET max_jobs = CASE WHEN $2 THEN $3::int ELSE max_jobs END,
         max_cost_usd = CASE WHEN $4 THEN $5::float8 ELSE max_cost_usd END
       WHERE id = $1 RETURNING max_jobs AS "maxJobs", max_cost_usd AS "maxCostUsd",
         attempts_started AS "attemptsStarted", cost_usd AS "costUsd"`,
      [
        input.runId,
        input.maxJobs !== undefined,
        input.maxJobs ?? null,
        input.maxCostUsd !== undefined,
        input.maxCostUsd ?? null,
      ],
    );
    tx.emit("run_budget_set", budget);
    if (before.maxJobs !== budget.maxJobs || before.maxCostUsd !== budget.maxCostUsd) {
      const steps = await loadSteps(tx);
      const at = steps.find(({ approved, settled }) => !(approved && settled)) ?? steps.at(-1);
      if (at) tx.audit(budgetRecord(actor, at, { before, after: budget }));
    }
    const spent = whyBudgetIsSpent({ ...budget, attemptsStarted, costUsd });
    const warning = spent && `${spent} It begins nothing more until the budget is raised.`;
    return { runId: input.runId, eventSeq: tx.run.eventSeq, warning };
  });
}

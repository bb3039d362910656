import type { RunTransaction } from "../db/run-transaction.ts";
import { raiseAlert } from "./alerts.ts";
import { expectMore } from "./gates.ts";
import { childStepOf, type StepState } from "./step-state.ts";

/**
 * L1: a step whose failed attempts exceed its budget spends nothing more: what is queued is given up, open slots
 * stay empty, and an alert says so. Jobs that run finish, and so do those that a worker's end cut off while their work
 * goes on elsewhere.
 */
export async function holdSpending(tx: RunTransaction, steps: readonly StepState[], step: StepState): Promise<void> {
  if (step.failedAttempts <= step.failureBudget) return;
  const givenUp = await tx.query(
    `UPDATE jobs SET status = 'FAILED', finished_at = now(), error = coalesce(error, $2)
     WHERE pipeline_run_step_id = $1 AND status = 'QUEUED' AND external_id IS NULL`,
    [step.id, "Not tried: the step had used up its failure budget."],
  );
  step.inFlight -= givenUp;
  if (givenUp > 0) tx.emit("jobs_cancelled", { runStepId: step.id, count: givenUp });
  if (step.openSlots > 0) {
    await expectMore(tx, step, -step.openSlots);
    step.openSlots = 0;
    await tx.query(`UPDATE pipeline_run_steps SET open_slots = 0 WHERE id = $1`, [step.id]);
    const parents = steps.filter(({ id }) => childStepOf(steps, id) === step).map(({ id }) => id);
    await tx.query(`UPDATE candidates SET open_slots = 0 WHERE pipeline_run_step_id = ANY($1) AND open_slots > 0`, [
      parents,
    ]);
  }
  await raiseAlert(tx, {
    kind: "GENERATION_FAILING",
    runStepId: step.id,
    message:
      `Run #${tx.run.id}, step ${step.position} (${step.name}): ${step.failedAttempts} attempts failed, more than its budget of ` +
      `${step.failureBudget}. It spends nothing more. ${
        step.gate === "MANUAL" && !step.approved
          ? "Mend the cause, then retry its failed jobs."
          : "Its gate opens for what it has made; mend the cause before the next run."
      }`,
  });
}

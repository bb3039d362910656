import { isActive } from "../db/rows.ts";
import type { RunTransaction } from "../db/run-transaction.ts";
import { completed } from "../rules/completed.ts";
import { givenUp } from "../rules/given-up.ts";
import { raiseAlert, resolveAlerts } from "./alerts.ts";
import { requestApproval, withdrawApproval } from "./approval-request.ts";
import { openGate } from "./gates.ts";
import { planSlots } from "./plan-slots.ts";
import { endRun, setRunStatus } from "./run-status.ts";
import { holdSpending } from "./spending.ts";
import { loadSteps, type StepState } from "./step-state.ts";

/**
 * Takes a run as far as it can go by itself: begins steps, settles them, opens automatic gates, asks people about
 * manual ones, queues every job that is wanted, and ends the run when its last gate is open.
 *
 * Every command that changes a run ends with this, in its own transaction. It derives everything from the rows and
 * changes nothing when nothing is due, so running it again, at any time, is safe: that is also how a restart resumes.
 */
export async function advanceRun(tx: RunTransaction): Promise<void> {
  if (!isActive(tx.run.status)) return;
  const steps = await loadSteps(tx);
  for (const [index, step] of steps.entries()) {
    await holdSpending(tx, steps, step);
    const previous = steps[index - 1];
    if (step.status === "BLOCKED" && mayBegin(step, previous)) await begin(tx, step);
    if (isReopened(step, previous)) await reopen(tx, step);
    if (step.status === "GENERATING" && isSettled(step, previous)) {
      const ended = await settle(tx, steps, step);
      if (ended) return;
    }
  }
  await planSlots(tx, steps);
  if (steps.every(({ status }) => status === "APPROVED")) {
    await endRun(tx, "COMPLETED", null);
    return;
  }
  const generating = steps.some(({ status }) => status === "GENERATING");
  const waiting = steps.some(({ status }) => status === "AWAITING_APPROVAL");
  await setRunStatus(tx, waiting && !generating ? "WAITING_FOR_APPROVAL" : "RUNNING");
}

/** G2: a step begins when the gate before it is open; behind an OPEN gate, as soon as there is a parent. */
function mayBegin(step: StepState, previous: StepState | undefined): boolean {
  if (!previous) return true;
  if (isOpen(previous)) return true;
  return previous.gate === "OPEN" && step.kind !== "APPROVAL" && step.openSlots + step.inFlight > 0;
}

/** A gate is open when it was approved and its step has nothing more to make. */
function isOpen(step: StepState): boolean {
  return step.approved && step.settled && step.status === "APPROVED";
}

/** Every slot is filled or given up, and no parent can come any more. */
function isSettled(step: StepState, previous: StepState | undefined): boolean {
  return step.inFlight === 0 && step.openSlots === 0 && (!previous || isOpen(previous));
}

/**
 * A slot opened again: behind a gate that waits for a person, or in a step without a gate whose candidates an APPROVAL
 * step is still to cut.
 */
function isReopened(step: StepState, previous: StepState | undefined): boolean {
  if (step.status === "AWAITING_APPROVAL") return !isSettled(step, previous);
  return step.status === "APPROVED" && !step.frozen && step.inFlight + step.openSlots > 0;
}

async function begin(tx: RunTransaction, step: StepState): Promise<void> {
  step.status = "GENERATING";
  await tx.query(`UPDATE pipeline_run_steps SET status = 'GENERATING', last_progress_at = now() WHERE id = $1`, [
    step.id,
  ]);
  // An APPROVAL step makes nothing: it goes on to its gate at once, and nobody should see it generating.
  if (step.kind !== "APPROVAL") tx.emit("step_status_changed", { runStepId: step.id, status: "GENERATING" });
}

/** A candidate is replaced or a job retried: nobody is asked until the step has settled again. */
async function reopen(tx: RunTransaction, step: StepState): Promise<void> {
  step.status = "GENERATING";
  step.settled = false;
  await tx.query(
    `UPDATE pipeline_run_steps SET status = 'GENERATING', settled_at = NULL, last_progress_at = now() WHERE id = $1`,
    [step.id],
  );
  await withdrawApproval(tx, step);
  await resolveAlerts(tx, step.id, ["APPROVAL_STALLED"]);
  tx.emit("step_status_changed", { runStepId: step.id, status: "GENERATING" });
}

/** @returns true when the run ended */
async function settle(tx: RunTransaction, steps: readonly StepState[], step: StepState): Promise<boolean> {
  step.settled = true;
  await tx.query(`UPDATE pipeline_run_steps SET settled_at = now() WHERE id = $1`, [step.id]);
  await resolveAlerts(tx, step.id, ["GENERATION_STALLED"]);
  const reason = await emptyStepReason(tx, step);
  if (reason) {
    await endRun(tx, "FAILED", reason);
    await raiseAlert(tx, {
      kind: "GENERATION_FAILING",
      runStepId: step.id,
      message: `Run #${tx.run.id} failed. ${reason}`,
    });
    return true;
  }
  if (step.approved || step.gate !== "MANUAL") await openGate(tx, steps, step, step.topKCount);
  else await requestApproval(tx, step);
  return false;
}

/** G16: why a settled step has nothing that could advance, or nothing when it has. */
async function emptyStepReason(tx: RunTransaction, step: StepState): Promise<string | null> {
  if (step.kind === "APPROVAL") return null;
  const made = await tx.one<{ active: boolean; rejected: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM candidates WHERE pipeline_run_step_id = $1 AND status = 'ACTIVE') AS active,
            EXISTS (SELECT 1 FROM candidates WHERE pipeline_run_step_id = $1 AND status = 'REJECTED' AND round = $2) AS rejected`,
    [step.id, step.round],
  );
  if (made.active) return null;
  const title = `Step ${step.position} (${step.name})`;
  if (made.rejected) {
    // A person emptied the step: a person also says what becomes of the run, where one is asked.
    return step.gate === "MANUAL" && !step.approved ? null : `${title} has no candidate left: all were rejected.`;
  }
  const errors = await tx.many<{ error: string; jobs: number }>(
    `SELECT coalesce(error, 'No reason was given.') AS error, count(*)::int AS jobs FROM jobs j
     WHERE pipeline_run_step_id = $1 AND ${givenUp("j")} AND round = $2 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3`,
    [step.id, step.round],
  );
  if (errors.length === 0) return `${title} has no parent left to generate from.`;
  return `${title} made no candidate. ${errors.map(timesInWords).join(" ")}`;
}

/** "The paint ran dry. (3 times)" */
function timesInWords({ error, jobs }: { readonly error: string; readonly jobs: number }): string {
  return jobs === 1 ? completed(error) : `${completed(error)} (${jobs} times)`;
}

import type { RunTransaction } from "../db/run-transaction.ts";
import { enqueueJobs } from "../jobs/queue.ts";
import { SEED_SQL } from "../rules/seed.ts";
import type { StepState } from "./step-state.ts";

/**
 * S1–S4, the job selection: gives every open slot of the run its job, in one statement, and queues the jobs in the
 * same transaction. Only active, advancing parents ever have open slots (a check in the database holds that), so a
 * closed gate needs no condition here.
 *
 * Reads the partial index `candidates_open_slots`: its cost grows with the slots that are open, not with the
 * candidates that exist. The unique slot of `jobs` makes a second planner's insert a no-op.
 *
 * @param steps mutated: open slots become jobs in flight
 */
export async function planSlots(tx: RunTransaction, steps: readonly StepState[]): Promise<void> {
  if (steps.every((step) => step.openSlots === 0)) return;
  const planned = await tx.many<{ jobId: number; runStepId: number }>(PLAN_SQL, [tx.run.id]);
  for (const step of steps) {
    const jobIds = planned.filter(({ runStepId }) => runStepId === step.id).map(({ jobId }) => jobId);
    step.openSlots = 0;
    if (jobIds.length === 0) continue;
    // S5: a job's priority is its place among those of its run, so the runs of a busy queue take turns.
    await enqueueJobs(tx, jobIds, { firstPlace: steps.reduce((sum, { inFlight }) => sum + inFlight, 1) });
    step.inFlight += jobIds.length;
    tx.emit("jobs_queued", { runStepId: step.id, count: jobIds.length });
  }
}

const PLAN_SQL = `
  WITH owner AS (
    SELECT rs.id AS run_step_id, rs.round, NULL::int AS parent_id, rs.next_ordinal, rs.open_slots
    FROM pipeline_run_steps rs
    WHERE rs.pipeline_run_id = $1 AND rs.open_slots > 0
    UNION ALL
    SELECT child.id, child.round, c.id, c.next_ordinal, c.open_slots
    FROM candidates c
    JOIN pipeline_run_steps own ON own.id = c.pipeline_run_step_id
    CROSS JOIN LATERAL (
      SELECT rs.id, rs.round FROM pipeline_run_steps rs JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
      WHERE rs.pipeline_run_id = $1 AND rs.position > own.position AND s.kind <> 'APPROVAL'
      ORDER BY rs.position LIMIT 1
    ) child
    WHERE c.pipeline_run_id = $1 AND c.open_slots > 0
  ), slot AS (
    SELECT $1::int AS run_id, owner.run_step_id, owner.round, owner.parent_id, nth.ordinal
    FROM owner CROSS JOIN LATERAL generate_series(owner.next_ordinal, owner.next_ordinal + owner.open_slots - 1) nth(ordinal)
  ), planned AS (
    INSERT INTO jobs (pipeline_run_id, pipeline_run_step_id, round, parent_id, ordinal, seed, generator)
    SELECT slot.run_id, slot.run_step_id, slot.round, slot.parent_id, slot.ordinal, ${SEED_SQL}, (
      SELECT s.generator FROM pipeline_run_steps rs JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
      WHERE rs.id = slot.run_step_id)
    FROM slot
    -- Breadth first: every parent's first child comes before any parent's second.
    ORDER BY slot.run_step_id, slot.ordinal, slot.parent_id
    ON CONFLICT DO NOTHING
    RETURNING id, pipeline_run_step_id
  ), parents AS (
    UPDATE candidates SET next_ordinal = next_ordinal + open_slots, open_slots = 0
    WHERE pipeline_run_id = $1 AND open_slots > 0
  ), steps AS (
    UPDATE pipeline_run_steps SET next_ordinal = next_ordinal + open_slots, open_slots = 0
    WHERE pipeline_run_id = $1 AND open_slots > 0
  )
  SELECT id AS "jobId", pipeline_run_step_id AS "runStepId" FROM planned ORDER BY id`;

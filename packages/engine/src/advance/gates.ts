import type { Queryable } from "../db/queryable.ts";
import type { RunTransaction } from "../db/run-transaction.ts";
import { type Rankable, topK } from "../rules/ranking.ts";
import { SOURCE_STEP } from "./source-step.ts";
import { childStepOf, type StepState } from "./step-state.ts";

/** The candidates that a gate ranks: active ones, and for an APPROVAL step only those that came through. */
export async function rankableCandidates(
  tx: Pick<RunTransaction, "many">,
  step: StepState,
): Promise<(Rankable & { advancement: string })[]> {
  return await tx.many(
    `SELECT id, elo, vote_count AS "voteCount", created_at AS "createdAt", advancement FROM candidates
     WHERE pipeline_run_step_id = $1 AND status = 'ACTIVE' AND ($2 OR advancement = 'ADVANCING')`,
    // Once it is decided, what the decision cut is shown beside what it let through.
    [step.sourceId, step.kind !== "APPROVAL" || step.frozen],
  );
}

/** Whether this is one of them, by the gate's run step. */
export async function isRankable(
  db: Pick<Queryable, "maybe">,
  gate: { readonly runStepId: number; readonly candidateId: number },
): Promise<boolean> {
  const found = await db.maybe(
    `SELECT 1 FROM pipeline_run_steps rs JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
     CROSS JOIN LATERAL (${SOURCE_STEP}) source
     JOIN candidates c ON c.pipeline_run_step_id = source.id
     WHERE rs.id = $1 AND c.id = $2 AND c.status = 'ACTIVE'
       AND (s.kind <> 'APPROVAL' OR rs.frozen_at IS NOT NULL OR c.advancement = 'ADVANCING')`,
    [gate.runStepId, gate.candidateId],
  );
  return found !== undefined;
}

/** Whether people took candidates out of the round that a gate ranks. */
export async function anyRejected(tx: Pick<RunTransaction, "one">, step: StepState): Promise<boolean> {
  const { rejected } = await tx.one<{ rejected: boolean }>(
    `SELECT EXISTS (
       SELECT FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id
       WHERE rs.id = $1 AND c.status = 'REJECTED' AND c.round = rs.round
     ) AS rejected`,
    [step.sourceId],
  );
  return rejected;
}

/**
 * G3: fixes what advances through a step's gate, and gives the advancing candidates their child slots. For an OPEN
 * gate everything has advanced on arrival, and nothing is filtered.
 *
 * @returns how many candidates advance
 */
export async function openGate(
  tx: RunTransaction,
  steps: readonly StepState[],
  step: StepState,
  k: number,
): Promise<number> {
  const candidates = await rankableCandidates(tx, step);
  const { advancing } = step.gate === "OPEN" ? { advancing: candidates } : topK(candidates, k);
  await tx.query(
    `UPDATE candidates SET advancement = (CASE WHEN id = ANY($2) THEN 'ADVANCING' ELSE 'NOT_ADVANCING' END)::advancement
     WHERE pipeline_run_step_id = $1 AND advancement <> (CASE WHEN id = ANY($2) THEN 'ADVANCING' ELSE 'NOT_ADVANCING' END)::advancement
       AND round = (SELECT round FROM pipeline_run_steps WHERE id = $1)`,
    [step.sourceId, advancing.map(({ id }) => id)],
  );
  await tx.query(
    `UPDATE pipeline_run_steps SET approved = true, approved_at = coalesce(approved_at, now()), status = 'APPROVED' WHERE id = $1`,
    [step.id],
  );
  step.approved = true;
  // An APPROVAL step may still cut what an open gate before it let through, so that is fixed, and voting ends, with it.
  const cutLater = step.gate === "OPEN" && step.kind !== "APPROVAL" && steps[step.position]?.kind === "APPROVAL";
  if (!cutLater) {
    await tx.query(`UPDATE pipeline_run_steps SET frozen_at = now() WHERE id IN ($1, $2) AND frozen_at IS NULL`, [
      step.id,
      step.sourceId,
    ]);
    step.frozen = true;
  }
  if (step.status !== "APPROVED") tx.emit("step_status_changed", { runStepId: step.id, status: "APPROVED" });
  step.status = "APPROVED";
  tx.emit("gate_opened", { runStepId: step.id, advancing: advancing.length, topK: k });
  if (step.gate !== "OPEN" || step.kind === "APPROVAL") await grantSlots(tx, steps, step);
  return advancing.length;
}

/** Gives the parents that came through a gate their N child slots, unless another gate comes first. */
async function grantSlots(tx: RunTransaction, steps: readonly StepState[], step: StepState): Promise<void> {
  const child = childStepOf(steps, step.id);
  if (!child || child.position !== step.position + 1) return;
  // A parent from before gates may have children already: it gets what is left of its N.
  const parents = await tx.many<{ slots: number }>(
    `UPDATE candidates SET open_slots = $2 - (next_ordinal - 1)
     WHERE pipeline_run_step_id = $1 AND status = 'ACTIVE' AND advancement = 'ADVANCING' AND open_slots = 0
       AND next_ordinal <= $2
     RETURNING open_slots AS slots`,
    [step.sourceId, child.maxChildren],
  );
  const slots = parents.reduce((sum, parent) => sum + parent.slots, 0);
  await expectMore(tx, child, slots);
}

/** Notes that a step is to fill more slots (or fewer, with a negative number). */
export async function expectMore(tx: RunTransaction, step: StepState, slots: number): Promise<void> {
  step.openSlots += Math.max(0, slots);
  await tx.query(
    `UPDATE pipeline_run_steps SET expected_candidates = greatest(0, expected_candidates + $2) WHERE id = $1`,
    [step.id, slots],
  );
}

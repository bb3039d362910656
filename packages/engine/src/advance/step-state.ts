import type { GatePolicy, StepKind, StepStatus } from "../db/rows.ts";
import type { RunTransaction } from "../db/run-transaction.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";

/** A run step with what decides where it goes next. */
export interface StepState {
  readonly id: number;
  readonly position: number;
  readonly name: string;
  readonly kind: StepKind;
  readonly gate: GatePolicy;
  readonly topKCount: number;
  readonly maxChildren: number;
  readonly rankingVersion: number;
  readonly failureBudget: number;
  readonly failedAttempts: number;
  /** From 1; rises when the step is sent back. */
  readonly round: number;
  /** Who may decide the gate, and on what evidence. */
  readonly policy: DecisionPolicy;
  status: StepStatus;
  approved: boolean;
  /** The advancing set is fixed. */
  frozen: boolean;
  settled: boolean;
  /** Jobs queued or running. */
  inFlight: number;
  /** Slots without a job. */
  openSlots: number;
  /** The step whose candidates this step's gate closes: itself, or for an APPROVAL step the one before it. */
  sourceId: number;
}

/** All steps of a run, by position. Costs what is open, not what was made. */
export async function loadSteps(
  tx: Pick<RunTransaction, "many"> & { readonly run: { readonly id: number } },
): Promise<StepState[]> {
  const rows = await tx.many<Omit<StepState, "sourceId">>(
    `SELECT rs.id, rs.position, s.name, s.kind, rs.gate, rs.status, rs.approved,
            rs.top_k_count AS "topKCount", rs.max_children AS "maxChildren", rs.ranking_version AS "rankingVersion",
            rs.frozen_at IS NOT NULL AS frozen, rs.settled_at IS NOT NULL AS settled,
            s.failure_budget AS "failureBudget", rs.failed_attempts AS "failedAttempts", rs.round, rs.policy,
            (SELECT count(*)::int FROM jobs j
              WHERE j.pipeline_run_step_id = rs.id AND j.status IN ('QUEUED', 'RUNNING')) AS "inFlight",
            rs.open_slots AS "openSlots"
     FROM pipeline_run_steps rs JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
     WHERE rs.pipeline_run_id = $1 ORDER BY rs.position`,
    [tx.run.id],
  );
  const open = await tx.many<{ runStepId: number; slots: number }>(
    `SELECT pipeline_run_step_id AS "runStepId", sum(open_slots)::int AS slots
     FROM candidates WHERE pipeline_run_id = $1 AND open_slots > 0 GROUP BY 1`,
    [tx.run.id],
  );
  const steps: StepState[] = [];
  let sourceId = 0;
  for (const row of rows) {
    if (row.kind !== "APPROVAL") sourceId = row.id;
    steps.push({ ...row, sourceId });
  }
  // An APPROVAL step ranks the candidates of the step before it, so that step's ranking is the one that was seen (G7).
  const rankings = new Map(rows.map(({ id, rankingVersion }) => [id, rankingVersion]));
  const seen = steps.map((step) => ({ ...step, rankingVersion: rankings.get(step.sourceId) ?? step.rankingVersion }));
  for (const { runStepId, slots } of open) {
    const child = childStepOf(seen, runStepId);
    if (child) child.openSlots += slots;
  }
  return seen;
}

/** The step whose candidates are the children of another step's: the next that generates. */
export function childStepOf(steps: readonly StepState[], runStepId: number): StepState | undefined {
  const parent = steps.find(({ id }) => id === runStepId);
  return parent && steps.find(({ kind, position }) => kind !== "APPROVAL" && position > parent.position);
}

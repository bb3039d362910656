import { queryable } from "@sluice/engine";
import type { SchemaContext } from "../context.ts";
import { batched } from "./batched.ts";

/** One round of a run step. */
export interface StepRoundRow {
  readonly runStepId: number;
  /** From 1. */
  readonly number: number;
  readonly startedAt: Date;
  /** The last request or decision of the step's own gate in this round. */
  readonly approvalId: number | null;
  /** The decision that ended the round, by this gate or a later one. */
  readonly sentBackById: number | null;
  readonly comment: string | null;
}

const FIELD = {};

/** All rounds of a step, oldest first; one statement for all steps of an operation. */
export async function stepRounds(context: SchemaContext, runStepId: number): Promise<readonly StepRoundRow[]> {
  const rounds = await batched(context, FIELD, runStepId, async (ids) => {
    const rows = await queryable(context.engine.pool).many<StepRoundRow>(STEP_ROUNDS_SQL, [ids]);
    return Map.groupBy(rows, (row) => row.runStepId);
  });
  return rounds ?? [];
}

/** Every gate behind the step that was sent back to it, or to a step before it, ended one of its rounds. */
const STEP_ROUNDS_SQL = `
  WITH ended AS (
    SELECT rs.id AS run_step_id, a.id, a.comment, a.decided_at,
      row_number() OVER (PARTITION BY rs.id ORDER BY a.decided_at, a.id)::int AS round
    FROM pipeline_run_steps rs
    JOIN approvals a ON a.pipeline_run_id = rs.pipeline_run_id AND a.status = 'SENT_BACK'
    JOIN pipeline_run_steps gate ON gate.id = a.pipeline_run_step_id
    WHERE rs.id = ANY($1) AND rs.position BETWEEN a.sent_back_to AND gate.position
  )
  SELECT rs.id AS "runStepId", number, coalesce(before.decided_at, rs.created_at) AS "startedAt",
    own.id AS "approvalId", ended.id AS "sentBackById", ended.comment
  FROM pipeline_run_steps rs
  CROSS JOIN LATERAL generate_series(1, rs.round) AS number
  LEFT JOIN ended ON ended.run_step_id = rs.id AND ended.round = number
  LEFT JOIN ended before ON before.run_step_id = rs.id AND before.round = number - 1
  LEFT JOIN LATERAL (
    SELECT max(a.id) AS id FROM approvals a
    WHERE a.pipeline_run_step_id = rs.id AND a.round = number AND a.status <> 'CANCELLED'
  ) own ON true
  WHERE rs.id = ANY($1) ORDER BY rs.id, number`;

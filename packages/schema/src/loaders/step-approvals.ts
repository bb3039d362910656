import { queryable } from "@sluice/engine";
import type { SchemaContext } from "../context.ts";
import { batched } from "./batched.ts";

/** The approvals of a run step's round that matter: the request that waits, and the decision. Each is one at the most. */
export interface StepApprovals {
  readonly runStepId: number;
  readonly pendingId: number | null;
  readonly decisionId: number | null;
}

const FIELD = {};

/** One statement for all steps of an operation; two filtered relations of one row would cost a statement each. */
export async function stepApprovals(context: SchemaContext, runStepId: number): Promise<StepApprovals> {
  const approvals = await batched(context, FIELD, runStepId, async (ids) => {
    const rows = await queryable(context.engine.pool).many<StepApprovals>(
      `SELECT rs.id AS "runStepId",
         max(a.id) FILTER (WHERE a.status = 'PENDING') AS "pendingId",
         max(a.id) FILTER (WHERE a.status IN ('APPROVED', 'REJECTED')) AS "decisionId"
       FROM approvals a JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id AND rs.round = a.round
       WHERE rs.id = ANY($1) GROUP BY 1`,
      [ids],
    );
    return new Map(rows.map((row) => [row.runStepId, row]));
  });
  return approvals ?? { runStepId, pendingId: null, decisionId: null };
}

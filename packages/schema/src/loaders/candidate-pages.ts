import { queryable } from "@sluice/engine";
import type { SchemaContext } from "../context.ts";
import { batched } from "./batched.ts";

export interface CandidatePageArgs {
  readonly first: number;
  /** Database id that the page begins behind. */
  readonly after: number;
  readonly advancingOnly: boolean;
}

export interface CandidatePage {
  readonly ids: readonly number[];
  readonly hasNextPage: boolean;
  readonly totalCount: number;
}

/**
 * One page of candidates for each of many run steps, in one statement. Prisma's nested `take` reads every child row
 * of every parent (20 ms of processor time instead of 0.4 for ten steps of 1,000 candidates), so the pages come from
 * LATERAL here and only the rows themselves through Prisma.
 *
 * @param field the field's AST node: its arguments are the same for all steps
 */
export async function candidatePage(
  context: SchemaContext,
  field: object,
  runStepId: number,
  args: CandidatePageArgs,
): Promise<CandidatePage> {
  const page = await batched(context, field, runStepId, async (ids) => {
    const rows = await queryable(context.engine.pool).many<{ runStepId: number; ids: number[]; totalCount: number }>(
      `SELECT step.id AS "runStepId", page.ids, total.count AS "totalCount"
       FROM unnest($1::int[]) AS step(id)
       CROSS JOIN LATERAL (
         SELECT coalesce(array_agg(c.id ORDER BY c.id), '{}') AS ids FROM (
           SELECT id FROM candidates WHERE pipeline_run_step_id = step.id AND id > $2
             AND (NOT $3 OR (advancement = 'ADVANCING' AND status = 'ACTIVE'))
           ORDER BY id LIMIT $4
         ) c
       ) page
       CROSS JOIN LATERAL (
         SELECT count(*)::int AS count FROM candidates WHERE pipeline_run_step_id = step.id
           AND (NOT $3 OR (advancement = 'ADVANCING' AND status = 'ACTIVE'))
       ) total`,
      [ids, args.after, args.advancingOnly, args.first + 1],
    );
    return new Map(
      rows.map((row) => [
        row.runStepId,
        { ids: row.ids.slice(0, args.first), hasNextPage: row.ids.length > args.first, totalCount: row.totalCount },
      ]),
    );
  });
  return page ?? { ids: [], hasNextPage: false, totalCount: 0 };
}

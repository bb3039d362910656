import { queryFromInfo } from "@pothos/plugin-prisma";
import type { Prisma } from "@sluice/db";
import { givenUp, type JobStatus, queryable } from "@sluice/engine";
import type { GraphQLResolveInfo } from "graphql";
import type { SchemaContext } from "../context.ts";
import type { JobConnectionShape } from "../types/job.ts";
import { jobCursor, parseJobCursor } from "../types/job-cursor.ts";
import { batched } from "./batched.ts";
import { rowsById } from "./rows.ts";

/** What the Prisma plugin asks of a job; its own type is loose. */
type JobSelection = Pick<Prisma.JobFindManyArgs, "include" | "select">;

export interface JobListArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly status?: readonly JobStatus[] | null | undefined;
  readonly givenUp?: boolean | null | undefined;
}

interface JobPage {
  readonly ids: readonly number[];
  readonly totalCount: number;
}

/** A page of the jobs of a step's current round: one statement finds those of many steps, one reads them all. */
export async function jobConnection(
  context: SchemaContext,
  info: GraphQLResolveInfo,
  runStepId: number,
  args: JobListArgs,
): Promise<JobConnectionShape> {
  const field = info.fieldNodes[0] as object;
  const after = parseJobCursor(args.after);
  const first = Math.min(100, Math.max(0, args.first ?? 20));
  const page = await batched(context, field, runStepId, async (stepIds): Promise<Map<number, JobPage>> => {
    const rows = await queryable(context.engine.pool).many<JobPage & { stepId: number }>(PAGES_SQL, [
      stepIds,
      after,
      args.status ?? null,
      first + 1,
      args.givenUp ?? null,
    ]);
    return new Map(rows.map((row) => [row.stepId, row]));
  });
  const query = queryFromInfo({ context, info, typeName: "Job", path: ["edges", "node"] }) as JobSelection;
  const { ids = [], totalCount = 0 } = page ?? {};
  const rows = await rowsById(context, field, ids.slice(0, first), (wanted) =>
    context.prisma.job.findMany({ ...query, where: { id: { in: wanted } } }),
  );
  const edges = rows.map((node) => ({ node, cursor: jobCursor(node.id) }));
  return {
    edges,
    totalCount,
    pageInfo: {
      hasNextPage: ids.length > first,
      hasPreviousPage: after > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** The jobs that are asked for, of those of a step. */
const WANTED = `job.pipeline_run_step_id = rs.id AND job.round = rs.round
  AND ($3::job_status[] IS NULL OR job.status = ANY($3)) AND ($5::bool IS NULL OR ${givenUp("job")} = $5)`;

const PAGES_SQL = `
  SELECT rs.id AS "stepId", page.ids, total.count AS "totalCount"
  FROM pipeline_run_steps rs
  CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(j.id ORDER BY j.id), '{}') AS ids FROM (
      SELECT id FROM jobs job WHERE ${WANTED} AND id > $2 ORDER BY id LIMIT $4
    ) j
  ) page
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count FROM jobs job WHERE ${WANTED}
  ) total
  WHERE rs.id = ANY($1)`;

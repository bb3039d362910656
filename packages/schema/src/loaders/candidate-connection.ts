import { queryFromInfo } from "@pothos/plugin-prisma";
import type { Prisma } from "@sluice/db";
import type { GraphQLResolveInfo } from "graphql";
import type { SchemaContext } from "../context.ts";
import type { CandidateConnectionShape } from "../types/candidate.ts";
import { candidateCursor, parseCandidateCursor } from "../types/candidate-cursor.ts";
import { candidatePage } from "./candidate-pages.ts";
import { rowsById } from "./rows.ts";

/** What the Prisma plugin asks of a candidate; its own type is loose. */
type CandidateSelection = Pick<Prisma.CandidateFindManyArgs, "include" | "select">;

/** The arguments of a field that lists candidates. */
export interface CandidateListArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly advancingOnly?: boolean | null | undefined;
}

/**
 * A page of a step's candidates, for a field whose type is their connection.
 *
 * @param round of the step; its current one where it is null
 */
export async function candidateConnection(
  context: SchemaContext,
  info: GraphQLResolveInfo,
  runStepId: number,
  round: number | null,
  args: CandidateListArgs,
): Promise<CandidateConnectionShape> {
  const field = info.fieldNodes[0] as object;
  const after = parseCandidateCursor(args.after);
  const page = await candidatePage(context, field, runStepId, round, {
    first: Math.min(100, Math.max(0, args.first ?? 20)),
    after,
    advancingOnly: args.advancingOnly ?? false,
  });
  const query = queryFromInfo({
    context,
    info,
    typeName: "Candidate",
    path: ["edges", "node"],
  }) as CandidateSelection;
  const rows = await rowsById(context, field, page.ids, (ids) =>
    context.prisma.candidate.findMany({ ...query, where: { id: { in: ids } } }),
  );
  return {
    edges: rows.map((node) => ({ node, cursor: candidateCursor(node.id) })),
    totalCount: page.totalCount,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: after > 0,
      startCursor: rows[0] ? candidateCursor(rows[0].id) : null,
      endCursor: rows.at(-1) ? candidateCursor((rows.at(-1) as { id: number }).id) : null,
    },
  };
}

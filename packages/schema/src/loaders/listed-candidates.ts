import { queryFromInfo } from "@pothos/plugin-prisma";
import type { Prisma } from "@sluice/db";
import { queryable } from "@sluice/engine";
import type { GraphQLResolveInfo } from "graphql";
import type { SchemaContext } from "../context.ts";
import type { CandidateConnectionShape } from "../types/candidate.ts";
import { type CandidateOrder, orderCursor, parseOrderCursor, SORTINGS } from "../types/candidate-order.ts";
import { batched } from "./batched.ts";
import { type CandidateFilter, candidateConditions } from "./candidate-filter.ts";
import { rowsById } from "./rows.ts";

/** What the Prisma plugin asks of a candidate; its own type is loose. */
type CandidateSelection = Pick<Prisma.CandidateFindManyArgs, "include" | "select">;

export interface ListedCandidatesArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly filter?: CandidateFilter | null | undefined;
  readonly order?: CandidateOrder | null | undefined;
}

interface ListedRow {
  readonly ownerId: number;
  readonly id: number;
  /** The values that it is sorted by. */
  readonly place: readonly number[];
}

/** Whose candidates: all of a run, or the children of one. */
type Owner = "pipeline_run_id" | "parent_id";

/**
 * A sorted and filtered page of a run's candidates, or of a candidate's children, for a field whose type is their
 * connection. One statement finds the pages of all owners that the field is asked for, one reads the rows; how many
 * there are in all is counted where it is asked for.
 *
 * @throws GraphQLError with the code BAD_CURSOR or BAD_INPUT
 */
export async function listedCandidates(
  context: SchemaContext,
  info: GraphQLResolveInfo,
  owner: { readonly column: Owner; readonly id: number },
  args: ListedCandidatesArgs,
): Promise<CandidateConnectionShape> {
  const field = info.fieldNodes[0] as object;
  const order = args.order ?? "OLDEST";
  const after = parseOrderCursor(order, args.after);
  const first = Math.min(100, Math.max(0, args.first ?? 20));
  const filter = args.filter ?? {};
  const listed =
    (await batched(context, field, owner.id, (ids) =>
      pages(context, { column: owner.column, ids, filter, order, after, limit: first + 1 }),
    )) ?? [];
  const page = listed.slice(0, first);
  const query = queryFromInfo({ context, info, typeName: "Candidate", path: ["edges", "node"] }) as CandidateSelection;
  const rows = await rowsById(
    context,
    field,
    page.map(({ id }) => id),
    (ids) => context.prisma.candidate.findMany({ ...query, where: { id: { in: ids } } }),
  );
  const places = new Map(page.map(({ id, place }) => [id, place]));
  const edges = rows.map((node) => ({ node, cursor: orderCursor(order, places.get(node.id) ?? []) }));
  return {
    edges,
    totalCount: async () =>
      (await batched(context, filterKey(field), owner.id, (ids) => totals(context, owner.column, ids, filter))) ?? 0,
    pageInfo: {
      hasNextPage: listed.length > first,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

interface WantedPages {
  readonly column: Owner;
  readonly ids: readonly number[];
  readonly filter: CandidateFilter;
  readonly order: CandidateOrder;
  readonly after: readonly number[] | null;
  readonly limit: number;
}

async function pages(context: SchemaContext, wanted: WantedPages): Promise<Map<number, ListedRow[]>> {
  const { keys, direction } = SORTINGS[wanted.order];
  const conditions = candidateConditions(wanted.filter, 3);
  const where = [`c.${wanted.column} = owner.id`, ...conditions.sql];
  const values: unknown[] = [wanted.ids, wanted.limit, ...conditions.values];
  const sortedBy = keys.map(({ sql }) => sql);
  if (wanted.after) {
    const places = keys.map(({ type }, index) => `$${values.length + index + 1}::${type}`);
    values.push(...wanted.after);
    where.push(`(${sortedBy.join(", ")}) ${direction === "ASC" ? ">" : "<"} (${places.join(", ")})`);
  }
  const rows = await queryable(context.engine.pool).many<ListedRow>(
    `SELECT owner.id AS "ownerId", listed.id, listed.place FROM unnest($1::int[]) AS owner(id)
     CROSS JOIN LATERAL (
       SELECT c.id, json_build_array(${sortedBy.join(", ")}) AS place,
         row_number() OVER (ORDER BY ${sortedBy.map((key) => `${key} ${direction}`).join(", ")}) AS nth
       FROM candidates c WHERE ${where.join(" AND ")}
       ORDER BY ${sortedBy.map((key) => `${key} ${direction}`).join(", ")} LIMIT $2
     ) listed
     ORDER BY owner.id, listed.nth`,
    values,
  );
  return Map.groupBy(rows, ({ ownerId }) => ownerId);
}

async function totals(
  context: SchemaContext,
  column: Owner,
  ids: readonly number[],
  filter: CandidateFilter,
): Promise<Map<number, number>> {
  const conditions = candidateConditions(filter, 2);
  const rows = await queryable(context.engine.pool).many<{ ownerId: number; count: number }>(
    `SELECT c.${column} AS "ownerId", count(*)::int AS count FROM candidates c
     WHERE ${[`c.${column} = ANY($1::int[])`, ...conditions.sql].join(" AND ")} GROUP BY 1`,
    [ids, ...conditions.values],
  );
  return new Map(rows.map(({ ownerId, count }) => [ownerId, count]));
}

/** Keys of their own for the counts of AST nodes that key their pages. */
const countKeys = new WeakMap<object, object>();

function filterKey(field: object): object {
  const key = countKeys.get(field) ?? {};
  countKeys.set(field, key);
  return key;
}

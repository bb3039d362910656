import { nameKey, queryable } from "@sluice/engine";
import type { SchemaContext } from "../context.ts";
import { batched } from "./batched.ts";
import { rowById } from "./rows.ts";

/** Somebody as a log keeps them: by the name of then; null where it happened by itself. */
export interface NamedThen {
  readonly actorName: string | null;
  readonly at: Date;
}

const WHO = {};

/**
 * Who did what a log tells of: as they are now, but for the name, which is that of then. Null where nobody is known by it.
 *
 * @param field the field's AST node: what it selects is the same for all parents
 * @param find gets each id once
 */
export async function actorThen<Row extends { id: number; name?: string }>(
  context: SchemaContext,
  field: object,
  { actorName, at }: NamedThen,
  find: (ids: number[]) => Promise<Row[]>,
): Promise<Row | null> {
  if (actorName === null) return null;
  const id = await batched(context, WHO, JSON.stringify([actorName, at]), (asked) => idsOf(context, asked));
  const row = id === undefined ? null : await rowById(context, field, id, find);
  return row && { ...row, name: actorName };
}

/** A name that was given to somebody else since means whoever had it at that time. */
async function idsOf({ engine }: SchemaContext, asked: readonly string[]): Promise<Map<string, number>> {
  const each = asked.map((text) => JSON.parse(text) as [name: string, at: string]);
  const rows = await queryable(engine.pool).many<{ place: number; id: number | null }>(
    `SELECT asked.place::int AS place, coalesce(
       (SELECT f.actor_id FROM former_names f WHERE f.name_key = asked.key AND f.until >= asked.at ORDER BY f.until LIMIT 1),
       (SELECT a.id FROM actors a WHERE a.name = asked.name),
       (SELECT f.actor_id FROM former_names f WHERE f.name_key = asked.key ORDER BY f.until DESC LIMIT 1)
     ) AS id
     FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS asked(name, key, at, place)`,
    [each.map(([name]) => name), each.map(([name]) => nameKey(name)), each.map(([, at]) => at)],
  );
  return new Map(rows.flatMap(({ place, id }) => (id === null ? [] : [[asked[place - 1] as string, id]])));
}

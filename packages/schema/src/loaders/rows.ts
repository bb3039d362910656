import DataLoader from "dataloader";
import type { SchemaContext } from "../context.ts";

/** Keys of their own for AST nodes that key another loader too. */
const keys = new WeakMap<object, object>();

/**
 * Loads rows by id with the selection of one field: one statement for all of the field's parents. Rows that are gone
 * are left out.
 *
 * @param field the field's AST node: what it selects is the same for all parents
 * @param find gets each id once
 */
export async function rowsById<Row extends { id: number }>(
  context: SchemaContext,
  field: object,
  ids: readonly number[],
  find: (ids: number[]) => Promise<Row[]>,
): Promise<Row[]> {
  const key = keys.get(field) ?? {};
  keys.set(field, key);
  let loader = context.loaders.get(key) as DataLoader<number, Row | null> | undefined;
  if (!loader) {
    loader = new DataLoader(
      async (wanted: readonly number[]) => {
        const rows = await find([...new Set(wanted)]);
        const byId = new Map(rows.map((row) => [row.id, row]));
        return wanted.map((id) => byId.get(id) ?? null);
      },
      { cache: false },
    );
    context.loaders.set(key, loader);
  }
  const rows = await Promise.all(ids.map((id) => (loader as DataLoader<number, Row | null>).load(id)));
  return rows.filter((row) => row !== null);
}

/** The same for one row. */
export async function rowById<Row extends { id: number }>(
  context: SchemaContext,
  field: object,
  id: number,
  find: (ids: number[]) => Promise<Row[]>,
): Promise<Row | null> {
  const [row] = await rowsById(context, field, [id], find);
  return row ?? null;
}

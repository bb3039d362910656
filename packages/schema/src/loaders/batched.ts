import DataLoader from "dataloader";
import type { SchemaContext } from "../context.ts";

/**
 * Loads values for many parents with one statement. Nothing is cached: in a subscription the next value must be new.
 *
 * @param field what tells this loader apart within the operation: a constant of the caller, or the field's AST node
 *   where the arguments matter
 */
export async function batched<Value>(
  context: SchemaContext,
  field: object,
  key: number,
  load: (keys: readonly number[]) => Promise<ReadonlyMap<number, Value>>,
): Promise<Value | undefined> {
  let loader = context.loaders.get(field) as DataLoader<number, Value | undefined> | undefined;
  if (!loader) {
    loader = new DataLoader(
      async (keys: readonly number[]) => {
        const unique = [...new Set(keys)];
        const values = await load(unique);
        return keys.map((each) => values.get(each));
      },
      { cache: false, maxBatchSize: 1_000 },
    );
    context.loaders.set(field, loader);
  }
  return await loader.load(key);
}

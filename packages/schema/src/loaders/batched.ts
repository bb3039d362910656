import DataLoader from "dataloader";
import type { SchemaContext } from "../context.ts";

/**
 * Loads values for many parents with one statement. Nothing is cached: in a subscription the next value must be new.
 *
 * @param field what tells this loader apart within the operation: a constant of the caller, or the field's AST node
 *   where the arguments matter
 */
export async function batched<Value, Key extends number | string = number>(
  context: SchemaContext,
  field: object,
  key: Key,
  load: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): Promise<Value | undefined> {
  let loader = context.loaders.get(field) as DataLoader<Key, Value | undefined> | undefined;
  if (!loader) {
    loader = new DataLoader(
      async (keys: readonly Key[]) => {
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

/** As much of JSON Schema as the schema of pipelines uses. */
export interface JsonSchema {
  readonly description?: string;
  readonly properties?: { readonly [key: string]: JsonSchema };
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string | readonly string[];
}

/** What may be written at a place, with what it means. */
export interface Suggestion {
  readonly word: string;
  readonly detail: string | undefined;
}

/** Every alternative that a schema allows, one below the other. */
function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...inner.flatMap(alternatives)];
}

/** The schemas of what stands at a path of keys, where "[]" is an entry of a list. */
export function schemasAt(schema: JsonSchema, path: readonly string[]): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (schemas, key) =>
      schemas.flatMap(alternatives).flatMap((each) => {
        const next = key === "[]" ? each.items : each.properties?.[key];
        return next ? [next] : [];
      }),
    [schema],
  );
}

/** The keys that a mapping at a path may have, each once. */
export function keysAt(schema: JsonSchema, path: readonly string[]): readonly Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const each of schemasAt(schema, path).flatMap(alternatives)) {
    for (const [word, { description }] of Object.entries(each.properties ?? {})) {
      if (!found.has(word)) found.set(word, { word, detail: description });
    }
  }
  return [...found.values()];
}

/** The words that a value at a path may be, as far as the schema lists them. */
export function valuesAt(schema: JsonSchema, path: readonly string[]): readonly Suggestion[] {
  const all = schemasAt(schema, path).flatMap(alternatives);
  const words = all.flatMap((each) => {
    if (each.const !== undefined) return [each.const];
    if (each.type === "boolean") return [true, false];
    return each.enum ?? [];
  });
  return [...new Set(words.filter((word) => word !== null).map(String))].map((word) => ({ word, detail: undefined }));
}

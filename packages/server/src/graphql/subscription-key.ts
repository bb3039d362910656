import { type DocumentNode, type ExecutionArgs, print } from "graphql";

/**
 * What subscriptions must have in common to be one: the document's text, the operation, the variables in whatever
 * order, and the rights.
 */
export function subscriptionKey(
  { document, operationName, variableValues }: Pick<ExecutionArgs, "document" | "operationName" | "variableValues">,
  rights: string,
): string {
  return JSON.stringify([rights, operationName ?? null, textOf(document), canonical(variableValues ?? {})]);
}

function textOf(document: DocumentNode): string {
  return document.loc?.source.body ?? print(document);
}

/** The same value with the keys of its objects in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, canonical(each)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

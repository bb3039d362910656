/** A workflow as it is submitted. */
export type Graph = Readonly<Record<string, GraphNode>>;

export interface GraphNode {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly _meta?: { readonly title?: string };
}

export function isLink(value: unknown): value is readonly [string, number] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "number";
}

/** A node and all that feed it, in an order in which they can be made. */
export function ancestors(graph: Graph, id: string, seen = new Set<string>()): string[] {
  if (seen.has(id) || !graph[id]) return [];
  seen.add(id);
  const before = Object.values(graph[id].inputs).flatMap((value) =>
    isLink(value) ? ancestors(graph, value[0], seen) : [],
  );
  return [...before, id];
}

/** What the result of a node depends on: two nodes with the same are the same to the cache. */
export function signature(graph: Graph, id: string): string {
  return JSON.stringify(ancestors(graph, id).map((one) => [graph[one]!.class_type, graph[one]!.inputs]));
}

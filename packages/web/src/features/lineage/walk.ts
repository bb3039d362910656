import type { InTree, Layout } from "./layout.ts";

export type Direction = "parent" | "child" | "above" | "below" | "first";

/** Which arrow leads where: the trees grow to the right. */
export const KEYS: ReadonlyMap<string, Direction> = new Map([
  ["ArrowLeft", "parent"],
  ["ArrowRight", "child"],
  ["ArrowUp", "above"],
  ["ArrowDown", "below"],
  ["Home", "first"],
]);

interface Walkable extends InTree {
  readonly goesOn: boolean;
}

/**
 * The candidate to go to from one: its parent, a child (one that advances, if any does: there the tree goes on), or its
 * neighbour in the same step. From nowhere, the first. Undefined at the edge.
 */
export function walk(
  from: string | undefined,
  direction: Direction,
  tree: { readonly candidates: readonly Walkable[]; readonly columns: Layout["columns"] },
): string | undefined {
  const { candidates, columns } = tree;
  const here = candidates.find(({ id }) => id === from);
  if (!here || direction === "first") return columns.find((ids) => ids.length > 0)?.[0];
  switch (direction) {
    case "parent":
      return candidates.find(({ id }) => id === here.parentId)?.id;
    case "child": {
      const children = candidates.filter(({ parentId }) => parentId === here.id);
      return (children.find(({ goesOn }) => goesOn) ?? children[0])?.id;
    }
    case "above":
    case "below": {
      const ids = columns[here.column] ?? [];
      return ids[ids.indexOf(here.id) + (direction === "above" ? -1 : 1)];
    }
    default:
      return direction satisfies never;
  }
}

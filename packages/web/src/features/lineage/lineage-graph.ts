import { type Edge, type NodeHandle, Position } from "@xyflow/react";
import { type Layout, NODE } from "./layout.ts";
import type { LineageNodeType } from "./lineage-node.tsx";
import { ancestry, type TreeCandidate } from "./tree.ts";

/** Where lines begin and end, told beforehand: a card that was never on the screen cannot be measured. */
const HANDLES: NodeHandle[] = [
  { type: "target", position: Position.Left, x: 0, y: NODE.height / 2, width: 1, height: 1 },
  { type: "source", position: Position.Right, x: NODE.width, y: NODE.height / 2, width: 1, height: 1 },
];

/** The cards of the tree. */
export function nodesOfTree(
  tree: readonly TreeCandidate[],
  places: Layout["places"],
  activeId: string | undefined,
): LineageNodeType[] {
  return tree.map((candidate) => ({
    id: candidate.id,
    type: "candidate",
    position: { ...(places.get(candidate.id) ?? { x: 0, y: 0 }) },
    width: NODE.width,
    height: NODE.height,
    measured: { width: NODE.width, height: NODE.height },
    handles: HANDLES,
    data: { candidate, active: candidate.id === activeId },
    draggable: false,
    selectable: false,
    focusable: false,
  }));
}

/** What a line says: it leads to a winner, to one that goes on, to one not decided yet, or to one that stays behind. */
export type LineKind = "won" | "advancing" | "open" | "behind";

export function lineKind({ won, standing }: Pick<TreeCandidate, "won" | "standing">): LineKind {
  if (won) return "won";
  switch (standing) {
    case "winner":
    case "advancing":
      return "advancing";
    case "undecided":
      return "open";
    case "behind":
    case "rejected":
    case "superseded":
      return "behind";
    default:
      return standing satisfies never;
  }
}

/** The lines between them. Those of the one that is chosen stand out, back to where it began. */
export function linesOfTree(tree: readonly TreeCandidate[], activeId: string | undefined): Edge[] {
  const shown = new Set(tree.map(({ id }) => id));
  const chosen = new Set(activeId === undefined ? [] : ancestry(tree, activeId).map(({ id }) => id));
  return tree.flatMap((candidate) => {
    const { id, parentId } = candidate;
    if (parentId === null || !shown.has(parentId)) return [];
    const kind = lineKind(candidate);
    return [
      {
        id: `${parentId} ${id}`,
        source: parentId,
        target: id,
        className: `line-${kind}${chosen.has(id) ? " line-chosen" : ""}`,
        zIndex: chosen.has(id) ? 2 : kind === "behind" ? 0 : 1,
        focusable: false,
        selectable: false,
        // The list tells who stems from whom; a thousand pictures named "edge" would not.
        ariaRole: "presentation" as const,
        ariaLabel: null,
      } as unknown as Edge,
    ];
  });
}

/** What the layout has to know of a candidate. */
export interface InTree {
  readonly id: string;
  /** What it was made from; null, or one that is not in the list, makes it the root of a tree. */
  readonly parentId: string | null;
  /** Which column it stands in, from 0: its step. A parent's is always further to the left. */
  readonly column: number;
  readonly round: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  /** The upper left corner of each candidate, by its id. */
  readonly places: ReadonlyMap<string, Point>;
  /** The ids of each column from top to bottom; columns without candidates are empty. */
  readonly columns: readonly (readonly string[])[];
}

export const NODE = { width: 184, height: 64 } as const;
/** From one column to the next, and from one candidate to the one below. */
export const PITCH = { x: 280, y: 76 } as const;
/** What is left free besides between two families, and between two rounds. */
const EXTRA = 20;

/**
 * Places a forest in columns from left to right, `columnCount` of them. Every column has the order of one walk through
 * the trees, so no two lines cross; a parent stands beside the middle of its children; a column takes no more room
 * than it needs. The time grows with the number of candidates times that of columns.
 */
export function layoutForest(candidates: readonly InTree[], columnCount: number): Layout {
  const children = familiesOf(candidates);
  const columns = Array.from({ length: columnCount }, (): string[] => []);
  const tops = new Map<string, number>();
  /** Where the last candidate of each column stands. */
  const lowest: (number | undefined)[] = [];

  const put = ({ id, column }: InTree, top: number) => {
    tops.set(id, top);
    lowest[column] = top;
  };
  const topOf = (candidate: InTree | undefined) => tops.get(candidate?.id ?? "");

  /** Moves a candidate down with all that stems from it, which is the last in its columns. */
  const lower = (candidate: InTree, by: number) => {
    put(candidate, (topOf(candidate) ?? 0) + by);
    for (const child of children.get(candidate.id) ?? []) lower(child, by);
  };

  const place = (candidate: InTree, gap: number) => {
    columns[candidate.column]?.push(candidate.id);
    const above = lowest[candidate.column];
    const top = above === undefined ? 0 : above + PITCH.y + gap;
    const own = children.get(candidate.id) ?? [];
    placeAll(own);
    const middle = ((topOf(own[0]) ?? top) + (topOf(own.at(-1)) ?? top)) / 2;
    if (middle < top) for (const child of own) lower(child, top - middle);
    put(candidate, Math.max(top, middle));
  };

  const placeAll = (siblings: readonly InTree[]) => {
    for (const [index, each] of siblings.entries()) {
      place(each, siblings[index - 1]?.round === each.round ? 0 : EXTRA);
    }
  };

  placeAll(children.get(null) ?? []);
  const places = candidates.map(({ id, column }): [string, Point] => [
    id,
    { x: column * PITCH.x, y: tops.get(id) ?? 0 },
  ]);
  return { places: new Map(places), columns };
}

/** The children of each candidate in the order of the list, and under `null` those that begin a tree. */
export function familiesOf<C extends Pick<InTree, "id" | "parentId">>(
  candidates: readonly C[],
): Map<string | null, C[]> {
  const known = new Set(candidates.map(({ id }) => id));
  return Map.groupBy(candidates, ({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null));
}

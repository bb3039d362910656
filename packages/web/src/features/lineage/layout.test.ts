import { describe, expect, it } from "vitest";
import { type InTree, layoutForest, NODE, PITCH } from "./layout.ts";

const tree = (id: string, parentId: string | null, column: number, round = 1): InTree => ({
  id,
  parentId,
  column,
  round,
});

/** A small generator of numbers from 0 to 1, the same for each seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A forest in which some columns are passed over and some trees begin late, as approval steps and imports do. */
function randomForest(seed: number, size: number, columns: number): InTree[] {
  const random = seeded(seed);
  const made: InTree[] = [];
  for (let index = 0; index < size; index++) {
    const parent = random() < 0.15 ? undefined : made[Math.floor(random() * made.length)];
    const free = columns - 1 - (parent?.column ?? -1);
    if (free < 1) continue;
    const column = (parent?.column ?? -1) + 1 + (random() < 0.1 ? Math.floor(random() * free) : 0);
    made.push(tree(`c${index}`, parent?.id ?? null, column, random() < 0.2 ? 2 : 1));
  }
  return made.toSorted((one, other) => one.column - other.column);
}

describe("layoutForest", () => {
  it("puts one column beside the other, and a parent beside the middle of its children", () => {
    const { places } = layoutForest(
      [tree("a", null, 0), tree("b", null, 0), tree("a1", "a", 1), tree("a2", "a", 1), tree("b1", "b", 1)],
      2,
    );
    expect(places.get("a")?.x).toBe(0);
    expect(places.get("a1")).toEqual({ x: PITCH.x, y: 0 });
    expect(places.get("a2")).toEqual({ x: PITCH.x, y: PITCH.y });
    expect(places.get("a")?.y).toBe(PITCH.y / 2);
    expect(places.get("b")?.y).toBe(places.get("b1")?.y);
  });

  it("leaves a parent where it is when its children have room, and lowers them where it has none", () => {
    const { places } = layoutForest(
      [tree("a", null, 0), tree("b", null, 0), tree("c", null, 0), tree("c1", "c", 1)],
      2,
    );
    expect(places.get("c1")?.y).toBe(places.get("c")?.y);
    expect(places.get("c")?.y).toBe(2 * PITCH.y);
  });

  it("leaves a gap between two rounds", () => {
    const { places } = layoutForest([tree("a", null, 0, 1), tree("b", null, 0, 2)], 1);
    expect(places.get("b")?.y).toBeGreaterThan(PITCH.y);
  });

  it("takes a candidate whose parent is not shown for the root of a tree, and keeps empty columns", () => {
    const { places, columns } = layoutForest([tree("x", "gone", 2)], 4);
    expect(places.get("x")).toEqual({ x: 2 * PITCH.x, y: 0 });
    expect(columns).toEqual([[], [], ["x"], []]);
  });

  it.each(Array.from({ length: 30 }, (_, index) => index + 1))("no overlap, no crossing, in forest %i", (seed) => {
    const forest = randomForest(seed, 20 + seed * 12, 2 + (seed % 5));
    const { places, columns } = layoutForest(forest, 7);
    const byId = new Map(forest.map((each) => [each.id, each]));
    const yOf = (id: string) => places.get(id)?.y ?? Number.NaN;
    expect(columns.flat()).toHaveLength(forest.length);
    for (const ids of columns) {
      for (const [index, id] of ids.entries()) {
        const above = ids[index - 1];
        if (above !== undefined) expect(yOf(id) - yOf(above)).toBeGreaterThanOrEqual(NODE.height);
      }
    }
    // Two lines between the same columns keep their order from one end to the other.
    const lines = forest.flatMap(({ id, parentId, column }) => {
      const parent = byId.get(parentId ?? "");
      return parent ? [{ columns: `${parent.column} ${column}`, from: yOf(parent.id), to: yOf(id) }] : [];
    });
    for (const group of Map.groupBy(lines, (line) => line.columns).values()) {
      const ordered = group.toSorted((one, other) => one.to - other.to);
      for (const [index, line] of ordered.entries()) {
        expect(line.from).toBeGreaterThanOrEqual(ordered[index - 1]?.from ?? Number.NEGATIVE_INFINITY);
      }
    }
  });

  it("places 5,000 candidates of which most are leaves", () => {
    const roots = Array.from({ length: 50 }, (_, index) => tree(`r${index}`, null, 0));
    const leaves = Array.from({ length: 4950 }, (_, index) => tree(`l${index}`, `r${index % 50}`, 1));
    const { columns } = layoutForest([...roots, ...leaves], 2);
    expect(columns.map((ids) => ids.length)).toEqual([50, 4950]);
  });
});

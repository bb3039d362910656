import { describe, expect, it } from "vitest";
import { walk } from "./walk.ts";

const candidate = (id: string, parentId: string | null, column: number, goesOn = false) => ({
  id,
  parentId,
  column,
  round: 1,
  goesOn,
});
const tree = {
  candidates: [
    candidate("a", null, 0),
    candidate("b", null, 0, true),
    candidate("b1", "b", 1),
    candidate("b2", "b", 1, true),
  ],
  columns: [["a", "b"], ["b1", "b2"], []],
};

describe("walk", () => {
  it("begins with the first", () => {
    expect(walk(undefined, "below", tree)).toBe("a");
    expect(walk("gone", "parent", tree)).toBe("a");
    expect(walk("b2", "first", tree)).toBe("a");
  });

  it("goes to the child that advances, and back to its parent", () => {
    expect(walk("b", "child", tree)).toBe("b2");
    expect(walk("b2", "parent", tree)).toBe("b");
  });

  it("goes up and down within a step, from family to family", () => {
    expect(walk("a", "below", tree)).toBe("b");
    expect(walk("b2", "above", tree)).toBe("b1");
  });

  it("stays at the edges", () => {
    expect(walk("a", "above", tree)).toBeUndefined();
    expect(walk("b2", "below", tree)).toBeUndefined();
    expect(walk("a", "parent", tree)).toBeUndefined();
    expect(walk("b1", "child", tree)).toBeUndefined();
  });
});

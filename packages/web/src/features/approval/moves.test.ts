import { describe, expect, it } from "vitest";
import { enteredOf, movesOf, sameOrder } from "./moves.ts";

describe("moves", () => {
  it("says who moved how far, and who is new", () => {
    expect([...movesOf(["a", "b", "c"], ["c", "a", "d", "b"])]).toEqual([
      ["c", 2],
      ["a", -1],
      ["d", "new"],
      ["b", -2],
    ]);
    expect(movesOf(["a", "b"], ["a", "b"]).size).toBe(0);
  });

  it("says who came over the cut, which those that changed places on one side of it did not", () => {
    expect(enteredOf(["a", "b", "c"], ["b", "a", "c"], 2)).toEqual([]);
    expect(enteredOf(["a", "b", "c"], ["c", "a", "b"], 2)).toEqual(["c"]);
    // One that was rejected makes room.
    expect(enteredOf(["a", "b", "c"], ["b", "c"], 2)).toEqual(["c"]);
    expect(enteredOf(["a"], ["a", "b"], 5)).toEqual(["b"]);
  });

  it("knows the same order", () => {
    expect(sameOrder(["a", "b"], ["a", "b"])).toBe(true);
    expect(sameOrder(["a", "b"], ["b", "a"])).toBe(false);
    expect(sameOrder(["a"], ["a", "b"])).toBe(false);
  });
});

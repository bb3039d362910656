import { describe, expect, it } from "vitest";
import { toggled, withRange } from "./selection.ts";

describe("a selection", () => {
  it("keeps the order in which it was made", () => {
    expect(toggled(toggled(["a"], "c"), "b")).toEqual(["a", "c", "b"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  });

  it("takes in a range from either end, each once", () => {
    const ids = ["a", "b", "c", "d"];
    expect(withRange(["c"], ids, 3, 1)).toEqual(["c", "b", "d"]);
    expect(withRange([], ids, 0, 0)).toEqual(["a"]);
  });
});

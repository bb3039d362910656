import { describe, expect, it } from "vitest";
import { counted, pathLabel, percent } from "./words.ts";

describe("words", () => {
  it("counts one and many", () => {
    expect([counted(0, "job"), counted(1, "job"), counted(9, "job"), counted(2, "entry", "entries")]).toEqual([
      "0 jobs",
      "1 job",
      "9 jobs",
      "2 entries",
    ]);
  });

  it("does not round a chance up to certainty or down to impossibility", () => {
    expect([percent(0), percent(0.001), percent(0.924), percent(0.999), percent(1)]).toEqual([
      "0 %",
      "1 %",
      "92 %",
      "99 %",
      "100 %",
    ]);
  });

  it("names a candidate by the ordinals of its ancestors and its own", () => {
    expect(pathLabel({ ordinal: 3, parent: null })).toBe("3");
    expect(pathLabel({ ordinal: 1, parent: { ordinal: 2, parent: { ordinal: 5, parent: null } } })).toBe("5.2.1");
  });
});

import { describe, expect, it } from "vitest";
import { problemOfK, problemOfN } from "./typed-number.ts";

describe("problemOfK", () => {
  it.each([0, -3, "", " ", "-", "0", 0.5])("G4: refuses %j as the API does", (typed) => {
    expect(problemOfK(typed)).toBe("K must be at least 1");
  });

  it("asks for a whole number", () => {
    expect(problemOfK(2.5)).toBe("K must be a whole number");
  });

  it("G4: takes more than any step has candidates, within reason", () => {
    expect(problemOfK(1)).toBeUndefined();
    expect(problemOfK("99")).toBeUndefined();
    expect(problemOfK(9_999_999_999)).toBe("K must be at most 1,000,000");
  });
});

describe("problemOfN", () => {
  it.each([0, -1, "", "-", 2.5, 101])("refuses %j and says what is allowed", (typed) => {
    expect(problemOfN(typed)).toBe("N must be a whole number from 1 to 100");
  });

  it.each([1, "3", 100])("takes %j", (typed) => {
    expect(problemOfN(typed)).toBeUndefined();
  });
});

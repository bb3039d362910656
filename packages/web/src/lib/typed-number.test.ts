import { describe, expect, it } from "vitest";
import { limitOf, problemOfK, problemOfMaxCost, problemOfMaxJobs, problemOfN } from "./typed-number.ts";

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

describe("limits", () => {
  it("are none where the field is empty", () => {
    expect([limitOf(""), limitOf(" "), limitOf("5"), limitOf(0)]).toEqual([null, null, 5, 0]);
    expect([problemOfMaxJobs(""), problemOfMaxCost("")]).toEqual([undefined, undefined]);
  });

  it("on attempts are whole and at least 1, on cost at least 0", () => {
    for (const typed of [0, 1.5, "-", -2]) expect(problemOfMaxJobs(typed)).toMatch(/whole number from 1/);
    for (const typed of ["-", -0.5]) expect(problemOfMaxCost(typed)).toMatch(/sum of dollars/);
    expect([problemOfMaxJobs(1), problemOfMaxCost(0)]).toEqual([undefined, undefined]);
  });
});

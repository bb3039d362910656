import { expect, it } from "vitest";
import { percent } from "./percent.ts";
import { policyInWords } from "./policy-words.ts";

it("rounds down, so that what is short of a threshold never reads as having reached it", () => {
  expect([0.95, 0.9499, 0.94999, 0.57, 0.29, 1, 0].map(percent)).toEqual([95, 94.9, 94.9, 57, 29, 100, 0]);
  // A policy is told in the same way as what is missing of it.
  expect(policyInWords({ minConfidence: 0.94999 })).toBe("The cut has to be 94.9 % sure.");
});

import { expect, it } from "vitest";
import { missingGenerators, wordsForMissing } from "./missing-generators.ts";

const steps = ["a", null, "b", "b", "c"].map((generator) => ({ generator }));

it("names each generator that is gone once, and leaves approvals out", () => {
  expect(missingGenerators({ steps }, new Set(["a"]))).toEqual(["b", "c"]);
  expect(missingGenerators({ steps }, new Set(["a", "b", "c"]))).toEqual([]);
});

it("says so in a sentence, or not at all", () => {
  expect(wordsForMissing([])).toBeUndefined();
  expect(wordsForMissing(["b"])).toBe('Its generator "b" is not here any more.');
  expect(wordsForMissing(["b", "c"])).toBe('"b", "c" are not here any more.');
});

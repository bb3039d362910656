import { expect, it } from "vitest";
import { durationWords } from "./duration.ts";

it.each([
  [0, "0 s"],
  [0.4, "0 s"],
  [42, "42 s"],
  [59.6, "1 min"],
  [250, "4 min"],
  [3599, "1 h"],
  [12_000, "3 h 20 min"],
  [86_399, "1 d"],
  [187_200, "2 d 4 h"],
  [172_800, "2 d"],
])("says %s seconds as %s", (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});

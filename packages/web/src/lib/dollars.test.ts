import { expect, it } from "vitest";
import { dollars } from "./dollars.ts";

it.each([
  [0, "$0.00"],
  [0.42, "$0.42"],
  [5, "$5.00"],
  [1234.5, "$1,234.50"],
  [0.0031, "$0.0031"],
  [0.05, "$0.05"],
  [0.000_000_1, "less than $0.000001"],
])("%d reads %s", (usd, words) => {
  expect(dollars(usd)).toBe(words);
});

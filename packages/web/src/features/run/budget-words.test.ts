import { describe, expect, it } from "vitest";
import { budgetInWords, budgetSpent } from "./budget-words.ts";

const none = { maxJobs: null, attemptsStarted: 12, maxCostUsd: null, costUsd: 0 };

describe("budgetInWords", () => {
  it.each([
    [none, undefined],
    [{ ...none, costUsd: 0.42 }, "$0.42"],
    [{ ...none, costUsd: 0.42, maxCostUsd: 5 }, "$0.42 of $5.00"],
    [{ ...none, maxJobs: 50 }, "12 of 50 attempts"],
    [{ ...none, costUsd: 0.42, maxCostUsd: 5, maxJobs: 50 }, "$0.42 of $5.00 · 12 of 50 attempts"],
  ])("%o reads %s", (budget, words) => {
    expect(budgetInWords(budget)).toBe(words);
  });
});

describe("budgetSpent", () => {
  it("is so as soon as one of both limits is reached", () => {
    expect(budgetSpent(none)).toBe(false);
    expect(budgetSpent({ ...none, maxJobs: 13 })).toBe(false);
    expect(budgetSpent({ ...none, maxJobs: 12 })).toBe(true);
    expect(budgetSpent({ ...none, maxCostUsd: 1, costUsd: 1.1 })).toBe(true);
  });
});

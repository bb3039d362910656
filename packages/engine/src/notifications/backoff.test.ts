import { expect, it } from "vitest";
import { RETRY_DELAYS, retryDelay } from "./backoff.ts";

const exact = { delays: [1_000, 60_000], asked: null, random: () => 0 };

it("waits longer each time, then gives up", () => {
  expect([1, 2, 3].map((attempt) => retryDelay(attempt, exact))).toEqual([1_000, 60_000, null]);
});

it("adds up to a fifth by chance", () => {
  expect(retryDelay(1, { ...exact, random: () => 0.999999 })).toBe(1_200);
});

it("waits for as long as the receiver asks, but no longer than a day and not shorter than planned", () => {
  expect(retryDelay(1, { ...exact, asked: 30_000 })).toBe(30_000);
  expect(retryDelay(2, { ...exact, asked: 30_000 })).toBe(60_000);
  expect(retryDelay(1, { ...exact, asked: 10 * 86_400_000 })).toBe(86_400_000);
});

it("tries ten times within two to three days", () => {
  const total = RETRY_DELAYS.reduce((sum, delay) => sum + delay, 0);
  expect(RETRY_DELAYS).toHaveLength(9);
  expect(total / 3_600_000).toBeGreaterThan(40);
  expect(total / 3_600_000).toBeLessThan(72);
});

import { describe, expect, it } from "vitest";
import { posteriorDraws } from "./posterior.ts";
import { idsUpTo, shuffled, simulateVotes } from "./test-votes.ts";

const votes = simulateVotes([1, 0.5, 0, -0.5, -1], 40, 5);

describe("V6: posterior draws", () => {
  it("are 2,000, and the same for the same votes and seed, in whatever order these come", () => {
    const draws = posteriorDraws(idsUpTo(5), votes, 11);
    expect(draws.count).toBe(2000);
    expect(draws.values).toHaveLength(2000 * 5);
    expect(posteriorDraws(shuffled(idsUpTo(5), 1), shuffled(votes, 2), 11)).toEqual(draws);
    expect(posteriorDraws(idsUpTo(5), votes, 12).values).not.toEqual(draws.values);
  });

  it("cover every candidate that a vote names, rejected or not", () => {
    expect(posteriorDraws([2, 9], votes, 11).ids).toEqual([1, 2, 3, 4, 5, 9]);
  });

  it("fall back to the prior without votes: every deviation is 1", () => {
    expect([...posteriorDraws([1, 2, 3], [], 1).deviation]).toEqual([1, 1, 1]);
    expect(posteriorDraws([], [], 1).ids).toEqual([]);
  });

  it("are fewer beyond 500 candidates, and show the same deviations", () => {
    const log = simulateVotes(new Array<number>(20).fill(0), 100, 6);
    const dense = posteriorDraws(idsUpTo(20), log, 1);
    const sparse = posteriorDraws(idsUpTo(501), log, 1);
    expect(sparse.count).toBe(500);
    expect(sparse.values).toHaveLength(500 * 501);
    for (let i = 0; i < 20; i++) {
      // 500 samples: a standard error of 3.2 %
      expect(sparse.deviation[i]! / dense.deviation[i]!).toBeGreaterThan(0.87);
      expect(sparse.deviation[i]! / dense.deviation[i]!).toBeLessThan(1.13);
    }
  });
});

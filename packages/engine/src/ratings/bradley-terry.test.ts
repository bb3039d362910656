import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitBradleyTerry, rateByBradleyTerry } from "./bradley-terry.ts";
import { countPairs } from "./pair-counts.ts";
import type { PairVote } from "./pair-vote.ts";
import { referenceFit, referenceGradient } from "./test-reference.ts";
import { idsUpTo, shuffled, simulateVotes, votesOf } from "./test-votes.ts";

function elos(ids: readonly number[], votes: readonly PairVote[]): number[] {
  return rateByBradleyTerry(ids, votes).map(({ elo }) => elo);
}

/** Evenly spread from −spread to +spread. */
function ladder(n: number, spread: number): number[] {
  return Array.from({ length: n }, (_, i) => spread * (1 - (2 * i) / (n - 1)));
}

const voteLogs = fc.array(
  fc
    .record({
      leftId: fc.integer({ min: 1, max: 7 }),
      rightId: fc.integer({ min: 1, max: 7 }),
      outcome: fc.constantFrom("LEFT", "RIGHT", "TIE", "BOTH_BAD", "SKIP"),
    })
    .filter(({ leftId, rightId }) => leftId !== rightId),
  { maxLength: 40 },
);

describe("V1: Bradley–Terry ratings", () => {
  it("starts everyone at exactly 1000", () => {
    expect(rateByBradleyTerry([3, 1], [])).toEqual([
      { id: 3, elo: 1000, voteCount: 0 },
      { id: 1, elo: 1000, voteCount: 0 },
    ]);
    expect(rateByBradleyTerry([], [])).toEqual([]);
  });

  it.each([
    [1, 1],
    [3, 4],
    [50, 50],
    [7.5, 10],
  ])("has the closed-form optimum for two candidates: %s wins of %s", (wins, votes) => {
    // θ₂ = −θ₁ by symmetry, and so wins − votes·σ(2θ₁) = θ₁, which bisection solves.
    let [low, high] = [-20, 20];
    for (let i = 0; i < 200; i++) {
      const t = (low + high) / 2;
      if (wins - votes / (1 + Math.exp(-2 * t)) > t) low = t;
      else high = t;
    }
    const log = votesOf(
      ...Array<string>(Math.floor(wins)).fill("1>2"),
      ...Array<string>(Math.floor(votes - wins)).fill("1<2"),
      ...(Number.isInteger(wins) ? [] : ["2=1"]),
    );
    const expected = (400 / Math.log(10)) * low;
    const [first, second] = elos([1, 2], log);
    expect(first).toBeCloseTo(1000 + expected, 3);
    expect(second).toBeCloseTo(1000 - expected, 3);
  });

  it("gives 1058.615 and 941.385 for a single vote: θ = 1 − σ(2θ) has the root 0.33741", () => {
    expect(elos([1, 2], votesOf("1>2"))).toEqual([1058.615, 941.385]);
  });

  it("keeps an undefeated candidate finite, however many votes say so", () => {
    const [first, second, third] = elos([1, 2, 3], Array<PairVote[]>(20_000).fill(votesOf("1>2", "2>3")).flat());
    expect(first).toBeGreaterThan(1500);
    expect(first).toBeLessThan(4000);
    expect(second).toBe(1000);
    expect(third).toBeCloseTo(2000 - first!, 3);
  });

  it("rates groups that were never compared as if each were alone", () => {
    const one = votesOf("1>2", "2>3", "1>3", "3>2");
    const other = votesOf("4>5", "4=5");
    expect(elos([1, 2, 3, 4, 5, 6], [...one, ...other])).toEqual([
      ...elos([1, 2, 3], one),
      ...elos([4, 5], other),
      1000,
    ]);
  });

  it("counts a tie as half a win for each", () => {
    expect(elos([1, 2, 3], votesOf("1=2", "1=2", "2>3"))).toEqual(elos([1, 2, 3], votesOf("1>2", "1<2", "2>3")));
    expect(elos([1, 2], votesOf("1=2"))).toEqual([1000, 1000]);
  });

  it("ignores BOTH_BAD and SKIP, in the ratings and in the vote counts", () => {
    const votes = votesOf("1>2", "2=3", "3<1");
    expect(rateByBradleyTerry([1, 2, 3], [...votesOf("1x2", "2?3"), ...votes])).toEqual(
      rateByBradleyTerry([1, 2, 3], votes),
    );
    expect(rateByBradleyTerry([1, 2, 3], votes).map(({ voteCount }) => voteCount)).toEqual([2, 2, 2]);
  });

  it("lets the votes on candidates that are not asked for inform the rest", () => {
    const votes = votesOf("1>3", "3>2", "3>2");
    expect(rateByBradleyTerry([2, 1], votes)).toEqual([...rateByBradleyTerry([1, 2, 3], votes).slice(0, 2)].reverse());
    expect(elos([2], votes)).not.toEqual(elos([2], votesOf("3>2", "3>2")));
  });

  it("refuses a candidate against itself", () => {
    expect(() => rateByBradleyTerry([1, 2], votesOf("2>2"))).toThrow("candidate 2 is on both sides");
  });

  it("never lowers the winner of one more vote, nor raises its loser", () => {
    fc.assert(
      fc.property(voteLogs, (votes) => {
        const before = elos([1, 2], votes);
        const after = elos([1, 2], [...votes, ...votesOf("1>2")]);
        expect(after[0]).toBeGreaterThan(before[0]!);
        expect(after[1]).toBeLessThan(before[1]!);
      }),
    );
  });
});

describe("V3: the order of votes does not matter", () => {
  it("gives identical ratings for the votes, ids and sides in any order", () => {
    const votes = simulateVotes(ladder(12, 1.5), 200, 7);
    const expected = rateByBradleyTerry(idsUpTo(12), votes);
    const otherWay = { LEFT: "RIGHT", RIGHT: "LEFT", TIE: "TIE", BOTH_BAD: "BOTH_BAD", SKIP: "SKIP" } as const;
    for (let seed = 1; seed <= 20; seed++) {
      const log = shuffled(votes, seed).map((vote, i) =>
        i % 2 ? vote : { leftId: vote.rightId, rightId: vote.leftId, outcome: otherWay[vote.outcome] },
      );
      const rated = rateByBradleyTerry(shuffled(idsUpTo(12), seed), log);
      expect(rated.sort((a, b) => a.id - b.id)).toEqual(expected);
    }
  });

  it("gives candidates with mirrored records EXACTLY equal Elo", () => {
    expect(elos([1, 2, 3], votesOf("1>2", "2>3", "3>1"))).toEqual([1000, 1000, 1000]);
    // Candidate i + 8 has the record of i under another id and in another order; the ties connect the halves.
    for (let seed = 1; seed <= 20; seed++) {
      const half = simulateVotes(ladder(8, 1), 40, seed);
      const mirrored = half.map((vote) => ({ ...vote, leftId: vote.leftId + 8, rightId: vote.rightId + 8 }));
      const across = idsUpTo(8).flatMap((id) => votesOf(`${id}=${id + 8}`));
      const rated = elos(idsUpTo(16), shuffled([...half, ...mirrored, ...across], seed));
      expect(rated.slice(8)).toEqual(rated.slice(0, 8));
      expect(new Set(rated).size).toBeGreaterThan(4);
    }
  });
});

describe("the optimum", () => {
  it.each([
    [2, 1],
    [12, 100],
    [12, 20_000],
    [200, 3000],
    [1000, 6000],
  ])("has a gradient below 1e-9: %i candidates, %i votes", (n, voteCount) => {
    const votes = simulateVotes(ladder(n, 2), voteCount, n);
    const theta = fitBradleyTerry(countPairs(idsUpTo(n), votes));
    const slope = referenceGradient([...theta], votes);
    expect(Math.max(...slope.map(Math.abs))).toBeLessThan(1e-9);
  });

  it.each([
    [5, 30],
    [40, 400],
    [120, 1500],
  ])("is the one that a dense Newton method finds: %i candidates, %i votes", (n, voteCount) => {
    const votes = simulateVotes(ladder(n, 1), voteCount, n);
    const theta = fitBradleyTerry(countPairs(idsUpTo(n), votes));
    const reference = referenceFit(n, votes);
    theta.forEach((value, i) => {
      expect(value).toBeCloseTo(reference[i]!, 9);
    });
  });

  it("is reached where Newton's full step overshoots for good, so that it has to be halved", () => {
    const times: [note: string, count: number][] = [
      ["7>3", 161],
      ["4>7", 17],
      ["3>1", 5701],
      ["5>4", 67],
    ];
    const votes = times.flatMap(([note, count]) => votesOf(...Array<string>(count).fill(note)));
    const theta = fitBradleyTerry(countPairs(idsUpTo(7), votes));
    expect(Math.max(...referenceGradient([...theta], votes).map(Math.abs))).toBeLessThan(1e-9);
  });

  it("is reached for long chains without a single upset", () => {
    const chain = Array.from({ length: 300 }, (_, i) => votesOf(...Array<string>(20).fill(`${i + 1}>${i + 2}`))).flat();
    const theta = fitBradleyTerry(countPairs([], chain));
    expect([...theta]).toEqual([...theta].sort((a, b) => b - a));
    expect(Math.max(...referenceGradient([...theta], chain).map(Math.abs))).toBeLessThan(1e-9);
  });
});

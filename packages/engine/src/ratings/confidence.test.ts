import { describe, expect, it } from "vitest";
import { rateByBradleyTerry } from "./bradley-terry.ts";
import { confidenceLabel, cutConfidence } from "./confidence.ts";
import { posteriorDraws } from "./posterior.ts";
import { seededRandom, standardNormal } from "./seeded-random.ts";
import { idsUpTo, simulateVotes, votesOf } from "./test-votes.ts";

/** Standard normal distribution function, by the midpoint rule. */
function phi(z: number): number {
  const steps = 4000;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const x = (z * (i + 0.5)) / steps;
    sum += Math.exp((-x * x) / 2);
  }
  return 0.5 + (sum * z) / steps / Math.sqrt(2 * Math.PI);
}

function orderOf(ids: readonly number[], votes: Parameters<typeof rateByBradleyTerry>[1]): number[] {
  return rateByBradleyTerry(ids, votes)
    .sort((a, b) => b.elo - a.elo || a.id - b.id)
    .map(({ id }) => id);
}

describe("V6: how sure the cut is", () => {
  it("agrees with the closed form for two candidates", () => {
    const votes = votesOf("1>2", "1>2", "1>2", "2>1");
    const { topKConfidence, label, perCandidate, cutPair } = cutConfidence(posteriorDraws([1, 2], votes, 1), [1, 2], 1);
    // 3 − 4σ(2t) = t has the root t = 0.34181; then H = [[1+w, −w], [−w, 1+w]] with w = 4·σ(2t)·σ(−2t).
    const t = 0.34181;
    const w = (4 * Math.exp(-2 * t)) / (1 + Math.exp(-2 * t)) ** 2;
    const expected = phi((2 * t) / Math.sqrt(2 / (1 + 2 * w)));
    expect(3 - 4 / (1 + Math.exp(-2 * t))).toBeCloseTo(t, 4);
    expect(Math.abs(topKConfidence - expected)).toBeLessThan(0.03); // three standard errors of 2,000 draws
    expect(label).toBe("Provisional");
    expect(cutPair).toEqual({ insideId: 1, outsideId: 2, chanceInsideIsBetter: topKConfidence });
    expect(perCandidate[0]!.chanceInTopK).toBe(topKConfidence);
    expect(perCandidate[1]!.chanceInTopK).toBeCloseTo(1 - topKConfidence, 12);
    const deviation = Math.sqrt((1 + w) / (1 + 2 * w));
    for (const { plusMinus } of perCandidate) expect(plusMinus).toBeCloseTo((1.96 * deviation * 400) / Math.log(10), 1);
  });

  it("knows nothing without votes: every candidate has K/n, and ± is that of the prior", () => {
    const { topKConfidence, perCandidate, cutPair } = cutConfidence(posteriorDraws(idsUpTo(8), [], 1), idsUpTo(8), 2);
    expect(topKConfidence).toBeLessThan(0.06); // 1 in 28 sets
    expect(topKConfidence).toBeGreaterThan(0.015);
    expect(cutPair!.chanceInsideIsBetter).toBeGreaterThan(0.46);
    expect(cutPair!.chanceInsideIsBetter).toBeLessThan(0.54);
    for (const { chanceInTopK, plusMinus } of perCandidate) {
      expect(Math.abs(chanceInTopK - 0.25)).toBeLessThan(0.03);
      expect(plusMinus).toBeCloseTo(340.49, 2);
    }
  });

  it("settles on a clear cut for its K alone, and not when the wrong ones are shown", () => {
    const votes = idsUpTo(2).flatMap((good) =>
      [3, 4, 5].flatMap((bad) => votesOf(...Array<string>(12).fill(`${good}>${bad}`))),
    );
    const draws = posteriorDraws(idsUpTo(5), votes, 1);
    expect(cutConfidence(draws, [1, 2, 3, 4, 5], 2)).toMatchObject({
      label: "Settled",
      cutPair: { insideId: 2, outsideId: 3 },
    });
    expect(cutConfidence(draws, [1, 2, 3, 4, 5], 1).label).toBe("Provisional");
    const wrong = cutConfidence(draws, [1, 3, 2, 4, 5], 2);
    expect(wrong.topKConfidence).toBeLessThan(0.02);
    expect(wrong.cutPair!.chanceInsideIsBetter).toBeLessThan(0.02);
    expect(wrong.perCandidate[2]!.chanceInTopK).toBeGreaterThan(0.98);
  });

  it("hands out exactly K places per draw", () => {
    const votes = simulateVotes([1, 0.6, 0.2, -0.2, -0.6, -1], 40, 2);
    const draws = posteriorDraws(idsUpTo(6), votes, 1);
    for (let k = 1; k <= 6; k++) {
      const { perCandidate } = cutConfidence(draws, orderOf(idsUpTo(6), votes), k);
      expect(perCandidate.reduce((sum, { chanceInTopK }) => sum + chanceInTopK, 0)).toBeCloseTo(k, 9);
    }
  });

  it("lets rejected candidates inform the draws but take no place", () => {
    const votes = votesOf(...Array<string>(20).fill("1>2"), ...Array<string>(20).fill("2>3"));
    const draws = posteriorDraws([1, 2, 3], votes, 1);
    expect(cutConfidence(draws, [2, 3], 1).label).toBe("Settled");
    expect(cutConfidence(draws, [2, 1, 3], 1).topKConfidence).toBeLessThan(0.02);
  });

  it.each([3, 4])("is certain when all three advance: K = %i", (k) => {
    expect(cutConfidence(posteriorDraws([1, 2, 3], [], 1), [2, 1, 3], k)).toMatchObject({
      topKConfidence: 1,
      label: "Settled",
      perCandidate: [2, 1, 3].map((id) => ({ id, chanceInTopK: 1 })),
      cutPair: null,
    });
  });

  it("is sure of nothing where there is nothing", () => {
    const nothing = { topKConfidence: 0, label: "Provisional", perCandidate: [], cutPair: null };
    expect(cutConfidence(posteriorDraws([], [], 1), [], 3)).toEqual(nothing);
    expect(cutConfidence(posteriorDraws([1, 2], [], 1), [], 3)).toEqual(nothing);
  });

  it("draws its labels at 95 % and 80 %", () => {
    expect([1, 0.95, 0.9499, 0.8, 0.7999, 0].map(confidenceLabel)).toEqual([
      "Settled",
      "Settled",
      "Likely",
      "Likely",
      "Provisional",
      "Provisional",
    ]);
  });

  it("refuses a K below 1 and an order that the draws do not cover", () => {
    const draws = posteriorDraws([1, 2], [], 1);
    expect(() => cutConfidence(draws, [1, 2], 0)).toThrow("K must be at least 1");
    expect(() => cutConfidence(draws, [1, 7], 1)).toThrow("Candidate 7 is in the order but not in the draws");
    expect(() => cutConfidence(draws, [1, 1], 1)).toThrow("names a candidate twice");
  });
});

describe("V6: the confidence means what it says", () => {
  it("is right about as often as it claims, over simulated steps whose true strengths are known", () => {
    const normal = standardNormal(seededRandom(2024));
    const runs = Array.from({ length: 240 }, (_, run) => {
      const strengths = idsUpTo(5).map(() => normal());
      const votes = simulateVotes(strengths, 20 + (run % 4) * 40, run, 0);
      const order = orderOf(idsUpTo(5), votes);
      const truth = idsUpTo(5).sort((a, b) => strengths[b - 1]! - strengths[a - 1]!);
      const right = truth.slice(0, 2).every((id) => order.slice(0, 2).includes(id));
      return { claimed: cutConfidence(posteriorDraws(idsUpTo(5), votes, run), order, 2).topKConfidence, right };
    });
    for (const [low, high] of [
      [0, 0.65],
      [0.65, 0.9],
      [0.9, 1.01],
    ] as const) {
      const group = runs.filter(({ claimed }) => claimed >= low && claimed < high);
      const claimed = group.reduce((sum, run) => sum + run.claimed, 0) / group.length;
      const realised = group.filter(({ right }) => right).length / group.length;
      expect(group.length).toBeGreaterThan(40);
      expect(Math.abs(claimed - realised), `${low} to ${high}: claimed ${claimed}, was ${realised}`).toBeLessThan(0.12);
    }
  });
});

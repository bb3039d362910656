import { describe, expect, it } from "vitest";
import { pairKey } from "./next-pair.ts";
import { type PosteriorDraws, posteriorDraws } from "./posterior.ts";
import { seededRandom } from "./seeded-random.ts";
import { votesOf } from "./test-votes.ts";
import { thompsonPair } from "./thompson-pair.ts";

/** Draws over 1..n that are given, row by row. */
function drawsOf(...rows: number[][]): PosteriorDraws {
  const ids = rows[0]!.map((_, i) => i + 1);
  return { ids, count: rows.length, values: Float64Array.from(rows.flat()), deviation: new Float64Array(ids.length) };
}

function candidates(...voteCounts: number[]) {
  return voteCounts.map((voteCount, i) => ({ id: i + 1, voteCount, elo: 1000 - i }));
}

// 1 is in and 4 is out in every draw; whether 2 or 3 is the second of the top two is open.
const undecided = drawsOf([4, 3, 2, 1], [4, 2, 3, 1]);

describe("V5: top-two Thompson sampling", () => {
  it("asks about the candidates whose place above or below the cut is open", () => {
    const random = seededRandom(1);
    for (let i = 0; i < 50; i++) {
      const pair = thompsonPair({
        candidates: candidates(9, 9, 9, 2),
        judged: new Set(),
        random,
        draws: undecided,
        k: 2,
      })!;
      expect(pairKey(...pair)).toBe("2:3");
    }
  });

  it("asks about the cut for the K it is given", () => {
    const draws = drawsOf([4, 3, 2, 1], [3, 4, 2, 1]);
    const pair = thompsonPair({
      candidates: candidates(9, 9, 2, 2),
      judged: new Set(),
      random: seededRandom(1),
      draws,
      k: 1,
    })!;
    expect(pairKey(...pair)).toBe("1:2");
  });

  it("spreads over every pair that two draws disagree about", () => {
    const votes = votesOf(...Array<string>(3).fill("1>2"), ...Array<string>(3).fill("3>4"));
    const draws = posteriorDraws([1, 2, 3, 4], votes, 1);
    const random = seededRandom(2);
    const times = new Map<string, number>();
    for (let i = 0; i < 400; i++) {
      const key = pairKey(
        ...thompsonPair({ candidates: candidates(3, 3, 3, 3), judged: new Set(), random, draws, k: 2 })!,
      );
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    expect(times.size).toBe(6);
    expect(times.get("1:2")).toBeLessThan(times.get("2:3")!); // 1 over 2 is the better known
  });

  it("gives each candidate two votes first", () => {
    const input = {
      candidates: candidates(9, 9, 2, 1),
      judged: new Set<string>(),
      random: seededRandom(1),
      draws: undecided,
      k: 2,
    };
    expect(thompsonPair(input)).toEqual([4, 3]);
  });

  it("leaves out what this person has judged, and is null when that is everything", () => {
    const random = seededRandom(1);
    const judged = new Set(["2:3"]);
    for (let left = 5; left > 0; left--) {
      const pair = pairKey(
        ...thompsonPair({ candidates: candidates(2, 2, 2, 2), judged, random, draws: undecided, k: 2 })!,
      );
      expect(judged.has(pair)).toBe(false);
      judged.add(pair);
    }
    expect(thompsonPair({ candidates: candidates(2, 2, 2, 2), judged, random, draws: undecided, k: 2 })).toBeNull();
  });

  it.each([
    ["K takes all", { draws: undecided, k: 4 }],
    ["the draws all agree", { draws: drawsOf([4, 3, 2, 1]), k: 2 }],
    ["a candidate came after the draws", { draws: drawsOf([3, 2, 1]), k: 2 }],
  ])("falls back to the fewest votes where %s", (_, rest) => {
    const input = { candidates: candidates(2, 8, 8, 3), judged: new Set<string>(), random: seededRandom(1), ...rest };
    expect(thompsonPair(input)).toEqual([1, 4]);
  });

  it("refuses a K below 1", () => {
    const input = { candidates: [], judged: new Set<string>(), random: seededRandom(1), draws: undecided, k: 0 };
    expect(() => thompsonPair(input)).toThrow("K must be at least 1");
  });
});

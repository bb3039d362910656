import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextPair, type PairCandidate, pairKey } from "./next-pair.ts";
import { seededRandom } from "./seeded-random.ts";

function candidate(id: number, voteCount = 0, elo = 1000): PairCandidate {
  return { id, voteCount, elo };
}

function key(pair: [number, number] | null): string | null {
  return pair && pairKey(...pair);
}

const random = () => 0.5;

describe("pairKey", () => {
  it("is the same both ways round, by number and not by text", () => {
    expect(pairKey(9, 10)).toBe("9:10");
    expect(pairKey(10, 9)).toBe("9:10");
  });
});

describe("V5: the next pair", () => {
  it("is of the two with the fewest votes", () => {
    const candidates = [candidate(1, 5), candidate(2, 1), candidate(3, 4), candidate(4, 2)];
    expect(nextPair({ candidates, judged: new Set(), random })).toEqual([2, 4]);
  });

  it("takes the nearest Elo among opponents with equally few votes", () => {
    const candidates = [candidate(1, 0, 1000), candidate(2, 1, 1200), candidate(3, 1, 950), candidate(4, 2, 1000)];
    expect(nextPair({ candidates, judged: new Set(), random })).toEqual([1, 3]);
  });

  it("leaves out what this person has judged, and moves on from a candidate that is used up", () => {
    const candidates = [candidate(1, 0), candidate(2, 1), candidate(3, 2)];
    expect(nextPair({ candidates, judged: new Set(["1:2"]), random })).toEqual([1, 3]);
    expect(nextPair({ candidates, judged: new Set(["1:2", "1:3"]), random })).toEqual([2, 3]);
    expect(nextPair({ candidates, judged: new Set(["1:2", "1:3", "2:3"]), random })).toBeNull();
  });

  it("is null when there are not two candidates", () => {
    expect(nextPair({ candidates: [], judged: new Set(), random })).toBeNull();
    expect(nextPair({ candidates: [candidate(1)], judged: new Set(), random })).toBeNull();
  });

  it("spreads ties over all pairs, so that people who vote at once get different ones", () => {
    const seeded = seededRandom(8);
    const candidates = [1, 2, 3, 4].map((id) => candidate(id));
    const times = new Map<string | null, number>();
    for (let i = 0; i < 600; i++) {
      const pair = key(nextPair({ candidates, judged: new Set(), random: seeded }));
      times.set(pair, (times.get(pair) ?? 0) + 1);
    }
    expect([...times.keys()].sort()).toEqual(["1:2", "1:3", "1:4", "2:3", "2:4", "3:4"]);
    for (const count of times.values()) expect(Math.abs(count - 100)).toBeLessThan(40); // four standard errors
  });

  it("gives one person every pair exactly once, whatever the votes and ratings", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 990, max: 1010 })), { maxLength: 7 }),
        fc.nat(),
        (rows, seed) => {
          const seeded = seededRandom(seed);
          const candidates = rows.map(([voteCount, elo], i) => candidate(i + 1, voteCount, elo));
          const judged = new Set<string>();
          for (let left = (rows.length * (rows.length - 1)) / 2; left > 0; left--) {
            const pair = key(nextPair({ candidates, judged, random: seeded }))!;
            expect(judged.has(pair)).toBe(false);
            judged.add(pair);
          }
          expect(nextPair({ candidates, judged, random: seeded })).toBeNull();
        },
      ),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareRank, type Rankable, rankCandidates, topK } from "./ranking.ts";

// Few distinct values, so that ties of every depth come up.
const candidates = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 40 }),
    elo: fc.constantFrom(980, 1000, 1000.001, 1016),
    voteCount: fc.integer({ min: 0, max: 2 }),
    createdAt: fc.constantFrom(0, 1, 2).map((ms) => new Date(ms)),
  }),
  { selector: ({ id }) => id, maxLength: 20 },
);

function candidate(id: number, rest: Partial<Rankable> = {}): Rankable {
  return { id, elo: 1000, voteCount: 0, createdAt: new Date(0), ...rest };
}

function ids(list: readonly Rankable[]): number[] {
  return list.map(({ id }) => id);
}

describe("G3: the order of candidates", () => {
  it.each([
    [
      "the higher Elo, whatever the rest",
      candidate(9, { elo: 1000.001, createdAt: new Date(9) }),
      candidate(1, { voteCount: 8 }),
    ],
    [
      "at equal Elo, more votes",
      candidate(9, { voteCount: 3, createdAt: new Date(9) }),
      candidate(1, { voteCount: 2 }),
    ],
    ["at equal votes, the older", candidate(9, { createdAt: new Date(1) }), candidate(1, { createdAt: new Date(2) })],
    ["at the same age, the smaller id", candidate(1), candidate(9)],
  ])("puts first %s", (_, first, second) => {
    expect(ids(rankCandidates([second, first]))).toEqual([first.id, second.id]);
    expect(compareRank(first, second)).toBe(-1);
    expect(compareRank(second, first)).toBe(1);
  });

  it("is total: candidates that are not the same never compare as equal, and the order is transitive", () => {
    fc.assert(
      fc.property(candidates, (list) => {
        const ranked = rankCandidates(list);
        for (let i = 0; i < ranked.length; i++) {
          for (let j = 0; j < ranked.length; j++) {
            expect(compareRank(ranked[i]!, ranked[j]!)).toBe(Math.sign(i - j));
          }
        }
      }),
    );
  });

  it("does not depend on the order in which candidates come, and leaves that as it was", () => {
    fc.assert(
      fc.property(
        candidates.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const before = ids(shuffled);
          expect(ids(rankCandidates(shuffled))).toEqual(ids(rankCandidates(list)));
          expect(ids(shuffled)).toEqual(before);
        },
      ),
    );
  });
});

describe("G4: the top K", () => {
  it("has min(K, n) candidates, each ranked before all others, and loses none", () => {
    fc.assert(
      fc.property(candidates, fc.integer({ min: 1, max: 25 }), (list, k) => {
        const { advancing, others } = topK(list, k);
        expect(advancing).toHaveLength(Math.min(k, list.length));
        expect([...advancing, ...others]).toEqual(rankCandidates(list));
      }),
    );
  });

  it.each([0, -1, Number.NaN])("refuses K = %s with the sentence people are shown", (k) => {
    expect(() => topK([candidate(1)], k)).toThrow(new RangeError("K must be at least 1"));
  });

  it("refuses half a candidate", () => {
    expect(() => topK([candidate(1)], 1.5)).toThrow("K must be a whole number, not 1.5");
  });
});

import { describe, expect, it } from "vitest";
import { hash32, prng, weightedDeck } from "./prng.ts";

describe("prng", () => {
  it("gives the same stream for the same parts and another for others", () => {
    const take = (...parts: (string | number)[]) => {
      const random = prng(...parts);
      return Array.from({ length: 6 }, random.next);
    };
    expect(take("a", 1, 2)).toEqual(take("a", 1, 2));
    expect(take("a", 1, 2)).not.toEqual(take("a", 12));
    expect(take(1)[0]).toBe(prng(1).next());
  });

  it("is even, and its normal numbers have mean 0 and deviation 1", () => {
    const random = prng("even");
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) buckets[random.int(10)]! += 1;
    for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(200);
    const normals = Array.from({ length: 20_000 }, random.normal);
    const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length;
    const deviation = Math.sqrt(normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.03);
  });

  it("hashes to unsigned 32-bit numbers", () => {
    for (const word of ["", "a", "wave", "日本"]) {
      expect(hash32(word)).toBeGreaterThanOrEqual(0);
      expect(hash32(word)).toBeLessThan(2 ** 32);
      expect(Number.isInteger(hash32(word))).toBe(true);
    }
  });

  it("deals every item once, heavy ones mostly first", () => {
    const items = ["light", "heavy", "middle"] as const;
    const weights = { light: 0.1, middle: 1, heavy: 10 };
    let first = 0;
    for (let seed = 0; seed < 200; seed++) {
      const deck = weightedDeck(prng(seed), items, (item) => weights[item]);
      expect(deck.toSorted()).toEqual(items.toSorted());
      if (deck[0] === "heavy") first += 1;
    }
    expect(first).toBeGreaterThan(150);
  });
});

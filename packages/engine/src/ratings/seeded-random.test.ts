import { describe, expect, it } from "vitest";
import { seededRandom, standardNormal } from "./seeded-random.ts";

function take(random: () => number, count: number): number[] {
  return Array.from({ length: count }, random);
}

describe("seededRandom", () => {
  it("repeats itself for a seed and differs between seeds, beyond 32 bits too", () => {
    const seeds = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 40];
    const streams = seeds.map((seed) => take(seededRandom(seed), 4).join());
    expect(seeds.map((seed) => take(seededRandom(seed), 4).join())).toEqual(streams);
    expect(new Set(streams).size).toBe(seeds.length);
  });

  it("fills [0, 1) evenly", () => {
    const buckets = new Array<number>(16).fill(0);
    for (const value of take(seededRandom(42), 160_000)) buckets[Math.floor(value * 16)]! += 1;
    const chiSquare = buckets.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(37.7); // 99.9 % at 15 degrees of freedom
  });
});

describe("standardNormal", () => {
  it("has the moments and the tails of a normal distribution", () => {
    const values = take(standardNormal(seededRandom(42)), 200_000);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(moment(1)).toBeCloseTo(0, 1.5);
    expect(moment(2)).toBeCloseTo(1, 1.5);
    expect(moment(3)).toBeCloseTo(0, 1);
    expect(moment(4)).toBeCloseTo(3, 1);
    const outside = values.filter((value) => Math.abs(value) > 1.96).length / values.length;
    expect(outside).toBeGreaterThan(0.048);
    expect(outside).toBeLessThan(0.052);
  });
});

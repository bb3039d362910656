import { describe, expect, it } from "vitest";
import { niceScale } from "./scale.ts";

describe("niceScale", () => {
  it("goes from and to round numbers", () => {
    expect(niceScale([871, 1204]).ticks).toEqual([800, 900, 1000, 1100, 1200, 1300]);
    expect(niceScale([0, 7]).ticks).toEqual([0, 2, 4, 6, 8]);
    expect(niceScale([0, 1]).ticks).toEqual([0, 0.5, 1]);
  });

  it("places the values", () => {
    const { place } = niceScale([0, 8]);
    expect(place(0)).toBe(0);
    expect(place(4)).toBe(50);
    expect(place(8)).toBe(100);
  });

  it("has room around a single value, and some scale for none", () => {
    expect(niceScale([1000])).toMatchObject({ from: 0, to: 2000 });
    expect(niceScale([0, 0])).toMatchObject({ from: 0, to: 1 });
    expect(niceScale([])).toMatchObject({ from: 0, to: 1 });
  });
});

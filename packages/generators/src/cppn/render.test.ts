import { describe, expect, it } from "vitest";
import { breed } from "./breed.ts";
import type { Genome } from "./genome.ts";
import { encodeTable, linearOf, linearOfOklab, oklabOf } from "./oklab.ts";
import { palette, paletteNames } from "./palettes.ts";
import { type Picture, renderGenome } from "./render.ts";
import { orderFor } from "./test-orders.ts";

/** Halves a picture, so that two sizes can be compared. */
function mean(picture: Picture): number[] {
  const sums = [0, 0, 0];
  for (let i = 0; i < picture.rgb.length; i++) sums[i % 3]! += picture.rgb[i]!;
  return sums.map((sum) => sum / (picture.width * picture.height));
}

describe("rendering", () => {
  it("draws the same picture at every size", () => {
    for (let run = 1; run <= 5; run++) {
      const genome = breed(orderFor({ run }));
      const small = mean(renderGenome(genome, { size: 64 }));
      const large = mean(renderGenome(genome, { size: 256 }));
      for (const channel of [0, 1, 2]) expect(Math.abs(small[channel]! - large[channel]!)).toBeLessThan(4);
    }
  });

  it("smooths edges: two flat inks meet through colours between them", () => {
    const genome = edge();
    const { rgb } = renderGenome(genome, { size: 64 });
    const reds = Array.from({ length: 64 }, (_, y) => rgb[(y * 64 + 20) * 3]!);
    const ends = new Set([reds[0], reds[63]]);
    expect(ends.size).toBe(2);
    const between = reds.filter((red) => !ends.has(red));
    expect(between.length).toBeGreaterThanOrEqual(1);
    expect(between.length).toBeLessThanOrEqual(2);
  });

  it("supersampling agrees with the analytic edges", () => {
    const genome = breed(orderFor({ run: 2, prompt: "sharp flat" }));
    const once = renderGenome(genome, { size: 96 }).rgb;
    const four = renderGenome(genome, { size: 96, supersample: 4 }).rgb;
    let off = 0;
    for (let i = 0; i < once.length; i++) off += Math.abs(once[i]! - four[i]!);
    expect(off / once.length).toBeLessThan(2.5);
  });

  it("reports progress that only grows, up to 1", () => {
    const shares: number[] = [];
    renderGenome(breed(orderFor()), { size: 64, onProgress: (share) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it("finishes a picture without changing what it shows", () => {
    const genome = breed(orderFor({ run: 4 }));
    const plain = mean(renderGenome(genome, { size: 96 }));
    for (const ordinal of [1, 2, 3, 4]) {
      const print = breed(orderFor({ run: 4, step: 4, loci: "finish", ordinal, parent: { id: 3, genome } }));
      const finished = mean(renderGenome(print, { size: 96 }));
      expect(finished).not.toEqual(plain);
      for (const channel of [0, 1, 2]) expect(Math.abs(finished[channel]! - plain[channel]!)).toBeLessThan(24);
    }
  });
});

describe("palettes", () => {
  it("survive the way through OKLab", () => {
    for (const name of paletteNames) {
      const { paper, inks, accent } = palette(name);
      for (const hex of [paper, accent, ...inks]) {
        const linear = linearOfOklab(oklabOf(hex));
        for (const [i, value] of linearOf(hex).entries()) expect(linear[i]).toBeCloseTo(value, 4);
      }
    }
  });

  it("step evenly enough that neighbouring inks can be told apart and still go together", () => {
    for (const name of paletteNames) {
      const { inks, paper } = palette(name);
      expect(inks).toHaveLength(6);
      for (const [i, ink] of inks.entries()) {
        const before = oklabOf(i === 0 ? paper : inks[i - 1]!);
        const after = oklabOf(ink);
        const step = Math.hypot(after[0] - before[0], after[1] - before[1], after[2] - before[2]);
        expect(step, `${name} ${i}`).toBeGreaterThan(0.03);
        expect(step, `${name} ${i}`).toBeLessThan(0.32);
      }
    }
  });

  it("encode linear light as sRGB", () => {
    expect(encodeTable[0]).toBe(0);
    expect(encodeTable[encodeTable.length - 1]).toBe(255);
    expect(encodeTable[Math.round(0.21404 * (encodeTable.length - 1))]).toBe(128);
  });
});

/** One sheet with a slanted straight edge, flat inks. */
function edge(): Genome {
  const genome = breed(orderFor());
  return {
    ...genome,
    view: {
      ...genome.view,
      zoom: 1,
      angle: 0.2,
      x: 0,
      y: 0,
      symmetry: 0,
      warp: [
        [0, 1, 0],
        [0, 1, 0],
      ],
    },
    nodes: [{ id: 16, act: "id", bias: 0, in: [[2, 1]] }],
    out: [16, 16, 16],
    look: {
      ...genome.look,
      sheets: 1,
      ground: 0.5,
      drift: 0,
      tint: 0,
      along: 0,
      stipple: 0,
      relief: 0,
      shadow: 0,
      keyline: 0,
      hatch: 0,
      disc: null,
      frame: { kind: "bleed", margin: 0 },
    },
    colour: { palette: "noir", order: "ramp", ground: "paper", from: 0, to: 1, accent: -1 },
  };
}

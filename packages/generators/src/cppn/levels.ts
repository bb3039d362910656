import { evaluateFields } from "./fields.ts";
import type { Genome } from "./genome.ts";

/**
 * Where a picture's sheets are cut.
 *
 * Cuts are at quantiles of the relief field, not at fixed values: each sheet then covers the share of the picture that
 * the genome gives it, whatever the network does, and a mutation of weights cannot flood or empty a sheet.
 */
export interface Levels {
  /** Relief value above which sheet i lies, ascending. */
  readonly cuts: readonly number[];
  /** Upper end of the last sheet's tint. */
  readonly top: number;
  /** drift′ = (drift − centre) × scale is about ±1 cut apart. */
  readonly drift: { readonly centre: number; readonly scale: number };
  /** tint′ = (tint − low) × scale lies mostly within 0 to 1. */
  readonly tint: { readonly low: number; readonly scale: number };
  /** Typical slope of the relief per unit of the plane, for shading. */
  readonly slope: number;
}

/** Levels come from this grid at every size, so a thumbnail and a print are cut alike. */
const grid = 64;

export function measureLevels(genome: Genome): Levels {
  const { relief, drift, tint } = evaluateFields(genome, grid);
  const { sheets, ground, taper } = genome.look;
  const sorted = relief.toSorted();
  const at = (values: Float32Array, share: number) => values[Math.round(share * (values.length - 1))]!;
  const cuts = Array.from({ length: sheets }, (_, i) => {
    const share = sheets === 1 ? 0 : (i / sheets) ** (1 / taper);
    return at(sorted, ground + (0.985 - ground) * share);
  });
  const sortedDrift = drift.toSorted();
  const sortedTint = tint.toSorted();
  const spread = at(sorted, 0.9) - at(sorted, 0.1);
  const driftSpread = at(sortedDrift, 0.9) - at(sortedDrift, 0.1);
  const tintLow = at(sortedTint, 0.05);
  const tintSpread = at(sortedTint, 0.95) - tintLow;

  let slope = 0;
  for (let i = 0; i < relief.length - grid; i++) {
    if (i % grid !== grid - 1)
      slope += Math.abs(relief[i + 1]! - relief[i]!) + Math.abs(relief[i + grid]! - relief[i]!);
  }
  return {
    cuts,
    top: at(sorted, 0.995),
    drift: { centre: at(sortedDrift, 0.5), scale: driftSpread > 1e-6 ? (0.55 * spread) / driftSpread : 0 },
    tint: { low: tintLow, scale: tintSpread > 1e-6 ? 1 / tintSpread : 0 },
    slope: (slope / relief.length) * (grid / 2) + 1e-9,
  };
}

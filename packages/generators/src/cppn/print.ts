import type { Genome } from "./genome.ts";
import { noiseAt } from "./noise.ts";

/** Changes one row of linear light in place, as paper, ink and press would. */
export type Press = (row: number, line: Float32Array) => void;

/**
 * The last step's treatment of a picture. Four ways of printing, so that the children of a finishing step differ:
 * fine-art (giclée), risograph (grainy flat inks), letterpress (ink pressed into fibres), aquatint (etched grain in the darks).
 *
 * @param size samples per side. Grain has the size of a sample, like the grain of paper under any lens.
 */
export function preparePress(print: Genome["print"], size: number): Press | undefined {
  if (print === null) return undefined;
  const { kind, grain, vignette, warmth, seed } = print;
  const red = 1 + warmth * 0.035;
  const blue = 1 - warmth * 0.05;
  const cell = Math.max(1, Math.round(size / 340));
  return (row, line) => {
    const v = ((row + 0.5) / size) * 2 - 1;
    for (let column = 0; column < size; column++) {
      const u = ((column + 0.5) / size) * 2 - 1;
      const k = column * 3;
      const r = line[k]!;
      const g = line[k + 1]!;
      const b = line[k + 2]!;
      const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      const fine = noiseAt(column, row, seed);
      let gain = 1;
      switch (kind) {
        case "giclee":
          gain += grain * 0.1 * fine;
          break;
        case "risograph": {
          // Soy ink covers unevenly: the paper shows through in specks, most in the mid tones.
          const speck = fine + 0.3 * smoothNoise(column, row, cell * 2, seed + 1);
          gain += grain * (0.36 - 0.2 * light) * speck;
          break;
        }
        case "letterpress": {
          const fibre =
            smoothNoise(column, row * 3, cell * 4, seed + 2) + smoothNoise(column * 3, row, cell * 4, seed + 3);
          gain += grain * (0.09 * fibre + 0.1 * fine);
          break;
        }
        case "aquatint": {
          const bite = fine > 0.12 ? fine : 0.25 * fine;
          gain += grain * 0.5 * (1 - Math.min(1, light * 1.4)) * bite + grain * 0.05 * fine;
          break;
        }
        default:
          kind satisfies never;
      }
      const edge = u * u * u * u + v * v * v * v;
      gain *= 1 - vignette * 0.22 * Math.min(1, edge * 0.8);
      line[k] = r * gain * red;
      line[k + 1] = g * gain;
      line[k + 2] = b * gain * blue;
    }
  };
}

/** Noise of cells `cell` samples wide, smoothly joined, −0.5 to 0.5. */
function smoothNoise(x: number, y: number, cell: number, seed: number): number {
  const cx = Math.floor(x / cell);
  const cy = Math.floor(y / cell);
  const fx = ease((x - cx * cell) / cell);
  const fy = ease((y - cy * cell) / cell);
  const top = noiseAt(cx, cy, seed) * (1 - fx) + noiseAt(cx + 1, cy, seed) * fx;
  const bottom = noiseAt(cx, cy + 1, seed) * (1 - fx) + noiseAt(cx + 1, cy + 1, seed) * fx;
  return top * (1 - fy) + bottom * fy;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

import { preparePainter } from "./compose.ts";
import { evaluateFields } from "./fields.ts";
import { prepareFrame } from "./frame.ts";
import type { Genome } from "./genome.ts";
import { mixInks } from "./inks.ts";
import { encodeSteps, encodeTable } from "./oklab.ts";
import { preparePress } from "./print.ts";

export interface RenderOptions {
  /** Pixels per side. */
  readonly size: number;
  /** Samples per pixel and side, averaged in linear light, on top of the analytic anti-aliasing. Default 1. */
  readonly supersample?: number;
  /** Share of rows done, 0 to 1, after each block. */
  readonly onProgress?: (share: number) => void;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** sRGB, three bytes per pixel, row by row. */
  readonly rgb: Uint8Array;
}

/** Draws a genome. The same genome and options give the same bytes on every engine. */
export function renderGenome(genome: Genome, { size, supersample = 1, onProgress }: RenderOptions): Picture {
  const fine = size * supersample;
  const fields = evaluateFields(genome, fine, onProgress && ((share) => onProgress(share * 0.35)));
  const paint = preparePainter(genome, fields, fine / 512);
  const inFrame = prepareFrame(genome.look.frame, size);
  const press = preparePress(genome.print, size);
  const { paper } = mixInks(genome);

  const rgb = new Uint8Array(size * size * 3);
  const row = new Float32Array(fine * 3);
  const line = new Float32Array(size * 3);
  const share = 1 / (supersample * supersample);
  for (let y = 0; y < size; y++) {
    line.fill(0);
    for (let sub = 0; sub < supersample; sub++) {
      paint(y * supersample + sub, row);
      for (let x = 0, k = 0; x < size; x++) {
        for (let s = 0; s < supersample; s++, k += 3) {
          line[x * 3]! += row[k]! * share;
          line[x * 3 + 1]! += row[k + 1]! * share;
          line[x * 3 + 2]! += row[k + 2]! * share;
        }
      }
    }
    for (let x = 0; x < size; x++) {
      const inside = inFrame(x, y);
      if (inside === 1) continue;
      for (let c = 0; c < 3; c++) line[x * 3 + c] = paper[c]! + (line[x * 3 + c]! - paper[c]!) * inside;
    }
    press?.(y, line);
    for (let k = 0; k < line.length; k++) {
      const value = line[k]!;
      rgb[y * size * 3 + k] = encodeTable[value <= 0 ? 0 : value >= 1 ? encodeSteps : (value * encodeSteps + 0.5) | 0]!;
    }
    if ((y & 31) === 31) onProgress?.(0.35 + 0.65 * ((y + 1) / size));
  }
  return { width: size, height: size, rgb };
}

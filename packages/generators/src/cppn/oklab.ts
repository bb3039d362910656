/**
 * Colour arithmetic: sRGB hex ↔ linear light ↔ OKLab (Björn Ottosson, 2020), in which the way between two colours stays
 * even in lightness and does not go through grey or a stray hue.
 *
 * Roots and powers are rounded (1e-6) when they enter a table, so that the last bit of `Math.pow` never shows.
 */
export type Triple = readonly [number, number, number];

const round6 = (value: number) => Math.round(value * 1e6) / 1e6;

/** "#rrggbb" to linear light, 0 to 1. */
export function linearOf(hex: string): Triple {
  const value = Number.parseInt(hex.slice(1), 16);
  const channel = (byte: number) => {
    const s = byte / 255;
    return round6(s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4);
  };
  return [channel((value >> 16) & 255), channel((value >> 8) & 255), channel(value & 255)];
}

export function oklabOf(hex: string): Triple {
  const [r, g, b] = linearOf(hex);
  const l = round6(Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b));
  const m = round6(Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b));
  const s = round6(Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b));
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** OKLab to linear light, held within 0 to 1. */
export function linearOfOklab([L, a, b]: Triple): Triple {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    clamp01(round6(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)),
    clamp01(round6(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)),
    clamp01(round6(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)),
  ];
}

export function mixOklab(from: Triple, to: Triple, share: number): Triple {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

function clamp01(value: number): number {
  return value < 0 ? 0 : Math.min(value, 1);
}

/** Entries of `encodeTable`. At the dark end, where sRGB is steepest, one step is a fifth of a grey level. */
export const encodeSteps = 16_383;

/** Linear light (0 to `encodeSteps`) to an sRGB byte. */
export const encodeTable: Uint8Array = (() => {
  const table = new Uint8Array(encodeSteps + 1);
  for (let i = 0; i <= encodeSteps; i++) {
    const v = i / encodeSteps;
    const s = v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055;
    table[i] = Math.round(round6(s * 255));
  }
  return table;
})();

/** A value for every point of a grid, −0.5 to 0.5 and more often near 0, without any pattern. Integer arithmetic only. */
export function noiseAt(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 2246822519);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  h = Math.imul(h ^ (h >>> 16), 2654435761);
  h ^= h >>> 15;
  return ((h & 0xffff) + (h >>> 16)) / 131070 - 0.5;
}

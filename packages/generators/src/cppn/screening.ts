import type { Genome } from "./genome.ts";
import type { Loci } from "./mutate.ts";
import { renderGenome } from "./render.ts";

/** A picture at screening size, in sRGB 0…255, with what decides whether it is worth a person's look. */
export interface Glance {
  readonly rgb: Uint8Array;
  /** Standard deviation of lightness, 0…~110. Flat pictures are below 15. */
  readonly contrast: number;
  /** Mean difference of neighbours over the deviation: below 0.03 a plain gradient, above 0.5 television snow. */
  readonly roughness: number;
  /** Share of the picture's middle that has the commonest colour (of 4,096). */
  readonly plain: number;
  /** Share of the disc that can be told from what is around it; 1 without a disc. */
  readonly discShown: number;
}

/** 48² takes about 2 ms and keeps what an eye sees at arm's length. */
const glanceSize = 48;

export const acceptance = {
  contrast: 17,
  roughness: [0.035, 0.42],
  plain: 0.66,
  discShown: 0.3,
} as const;

/** Root mean square differences to the parent (least, most) and to siblings (least), in sRGB steps. */
export const distances: Record<Loci, { parent: readonly [number, number]; sibling: number }> = {
  form: { parent: [18, 64], sibling: 17 },
  variation: { parent: [9, 44], sibling: 9 },
  colour: { parent: [12, 255], sibling: 10 },
  // A print differs by its grain and its paper: nothing to measure at this size.
  finish: { parent: [0, 60], sibling: 0 },
};

export function glance(genome: Genome): Glance {
  // A frame is the same paper in every picture: it would hide how alike or how plain two pictures are.
  const look = { ...genome.look, frame: { kind: "bleed", margin: 0 } as const };
  const { rgb } = renderGenome({ ...genome, look }, { size: glanceSize });
  const count = glanceSize * glanceSize;
  const light = new Float64Array(count);
  const seen = new Map<number, number>();
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const r = rgb[i * 3]!;
    const g = rgb[i * 3 + 1]!;
    const b = rgb[i * 3 + 2]!;
    const value = 0.299 * r + 0.587 * g + 0.114 * b;
    light[i] = value;
    sum += value;
    squares += value * value;
    const colour = ((r >> 4) << 8) | ((g >> 4) << 4) | (b >> 4);
    if (inMiddle(i)) seen.set(colour, (seen.get(colour) ?? 0) + 1);
  }
  const mean = sum / count;
  const contrast = Math.sqrt(Math.max(0, squares / count - mean * mean));
  let steps = 0;
  for (let i = 0; i < count - glanceSize; i++) {
    if (i % glanceSize !== glanceSize - 1)
      steps += Math.abs(light[i + 1]! - light[i]!) + Math.abs(light[i + glanceSize]! - light[i]!);
  }
  const middle = seen.values().reduce((all, n) => all + n, 0);
  return {
    rgb,
    contrast,
    roughness: steps / (2 * count) / (contrast + 1),
    plain: Math.max(...seen.values()) / middle,
    discShown: look.disc === null ? 1 : shownDisc(genome, look.disc.r, rgb),
  };
}

/** The middle two thirds, which every frame leaves open. */
function inMiddle(i: number): boolean {
  const edge = Math.floor(glanceSize / 6);
  const x = i % glanceSize;
  const y = Math.floor(i / glanceSize);
  return Math.min(x, y) >= edge && Math.max(x, y) < glanceSize - edge;
}

function shownDisc(genome: Genome, radius: number, rgb: Uint8Array): number {
  const look = { ...genome.look, frame: { kind: "bleed", margin: 0 } as const, disc: null };
  const without = renderGenome({ ...genome, look }, { size: glanceSize }).rgb;
  let shown = 0;
  for (let i = 0; i < without.length; i += 3) {
    const off = (k: number) => Math.abs(rgb[i + k]! - without[i + k]!);
    if (off(0) + off(1) + off(2) > 60) shown += 1;
  }
  return shown / (Math.PI * (radius * glanceSize) ** 2);
}

/** How far a picture is from being shown: 0 is good, and less is better. Used to keep the best of a bad lot. */
export function faults(picture: Glance, parent: Glance | null, siblings: readonly Glance[], kind: Loci): number {
  const limit = distances[kind];
  let fault = 0;
  fault += below(picture.contrast, acceptance.contrast);
  fault += below(picture.roughness, acceptance.roughness[0]) + above(picture.roughness, acceptance.roughness[1]);
  fault += above(picture.plain, acceptance.plain);
  fault += below(picture.discShown, acceptance.discShown);
  if (parent !== null) {
    const away = distance(picture, parent);
    fault += below(away, limit.parent[0]) + above(away, limit.parent[1]);
  }
  for (const sibling of siblings) fault += below(distance(picture, sibling), limit.sibling);
  return fault;
}

/** Root mean square difference of two pictures, 0…255. */
export function distance(one: Glance, other: Glance): number {
  let sum = 0;
  for (let i = 0; i < one.rgb.length; i++) {
    const difference = one.rgb[i]! - other.rgb[i]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum / one.rgb.length);
}

function below(value: number, limit: number): number {
  return value < limit ? (limit - value) / limit : 0;
}

function above(value: number, limit: number): number {
  return value > limit ? (value - limit) / limit : 0;
}

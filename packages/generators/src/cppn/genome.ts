import { z } from "zod";
import { activations } from "./activations.ts";
import { paletteNames } from "./palettes.ts";

/**
 * A picture's genome: a small network over the plane (a compositional pattern-producing network) that gives three
 * fields, and how these fields become sheets of colour.
 *
 * - `view`, `foci`, `noise`, `facets`, `nodes`, `out`: the fields. `out` names the nodes for relief (which sheets lie
 *   where), drift (how the sheets differ from each other) and tint (the gradient within a sheet).
 * - `look`: sheets, shadows, lines, disc and frame. Lengths are shares of the picture's width.
 * - `colour`: which palette, and in what order.
 * - `print`: how it is finished, or null for a draft.
 */
export const genomeVersion = 1;

export const limits = { nodes: 64, inputsPerNode: 16 } as const;

/** Ids 0 to 10 are the plane's own inputs (see `inputs.ts`); nodes have ids from 16. */
export const inputNames = ["one", "x", "y", "r", "petalCos", "petalSin", "d1", "d2", "n1", "n2", "facet"] as const;
export const firstNodeId = 16;

const real = z.number().min(-100).max(100);
const share = z.number().min(0).max(1);
const wave = z.tuple([real, real, real]);

const nodeSchema = z.strictObject({
  id: z.int().min(firstNodeId).max(1_000_000),
  act: z.enum(activations),
  bias: real,
  in: z
    .array(z.tuple([z.int().min(0).max(1_000_000), real]))
    .min(1)
    .max(limits.inputsPerNode),
});

const genomeSchema = z.strictObject({
  v: z.literal(genomeVersion),
  motif: z.string().max(40),
  view: z.strictObject({
    zoom: z.number().min(0.2).max(4),
    angle: real,
    x: real,
    y: real,
    /** 0 none, 1 mirrored left to right, 2 mirrored both ways. */
    symmetry: z.int().min(0).max(2),
    petals: z.int().min(1).max(12),
    /** Two waves that bend the plane: [strength, frequency, phase] of x by y, and of y by x. */
    warp: z.tuple([wave, wave]),
  }),
  foci: z.tuple([z.tuple([real, real]), z.tuple([real, real])]),
  /** Two slow fields, each of three sine waves [x frequency, y frequency, phase]. */
  noise: z.tuple([z.tuple([wave, wave, wave]), z.tuple([wave, wave, wave])]),
  facets: z.strictObject({ count: z.int().min(2).max(7), angle: real }),
  nodes: z.array(nodeSchema).min(1).max(limits.nodes),
  out: z.tuple([z.int(), z.int(), z.int()]),
  look: z.strictObject({
    sheets: z.int().min(1).max(14),
    /** Share of the picture that stays ground, and how fast the sheets get smaller. */
    ground: z.number().min(0.05).max(0.9),
    taper: z.number().min(0.3).max(3),
    drift: z.number().min(0).max(2),
    tint: z.number().min(0).max(1.5),
    /** Whether the tint follows the sheet's own slope (1) or the tint field (0). */
    along: share,
    stipple: share,
    relief: share,
    shadow: share,
    light: real,
    keyline: z.number().min(0).max(0.02),
    /** Fine contour lines: lines per sheet (0 for none) and which sheets have them, as bits. */
    hatch: z.int().min(0).max(12),
    hatched: z.int().min(0).max(16_383),
    disc: z
      .strictObject({
        kind: z.enum(["full", "ring", "bars"]),
        x: real,
        y: real,
        r: z.number().min(0.01).max(0.6),
        depth: z.int().min(0).max(14),
      })
      .nullable(),
    frame: z.strictObject({ kind: z.enum(["bleed", "mat", "arch", "round"]), margin: z.number().min(0).max(0.25) }),
  }),
  colour: z.strictObject({
    palette: z.enum(paletteNames),
    order: z.enum(["ramp", "reverse", "weave", "weaveBack"]),
    ground: z.enum(["paper", "ink"]),
    /** How far the ramp is cut at its light (or first) and its last end. */
    from: share,
    to: share,
    /** The sheet that has the accent colour, or -1. */
    accent: z.int().min(-1).max(14),
  }),
  print: z
    .strictObject({
      kind: z.enum(["giclee", "risograph", "letterpress", "aquatint"]),
      grain: share,
      vignette: share,
      warmth: z.number().min(-1).max(1),
      seed: z.int().min(0).max(0xffff_ffff),
    })
    .nullable(),
});

export type Genome = z.infer<typeof genomeSchema>;
export type GenomeNode = z.infer<typeof nodeSchema>;
export type Look = Genome["look"];
export type Colouring = Genome["colour"];

/**
 * Reads a genome from the database or the API, where anybody may have written it.
 * @returns the genome, or a sentence that says what is wrong with it.
 */
export function parseGenome(value: unknown): { genome: Genome } | { problem: string } {
  const parsed = genomeSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { problem: `The genome's ${issue?.path.join(".") || "form"} is not valid: ${issue?.message ?? "unknown"}.` };
  }
  const genome = parsed.data;
  const known = new Set<number>(inputNames.keys());
  for (const node of genome.nodes) {
    if (known.has(node.id)) return { problem: `The genome has two nodes with the id ${node.id}.` };
    for (const [source] of node.in) {
      if (!known.has(source)) return { problem: `Node ${node.id} reads ${source}, which does not come before it.` };
    }
    known.add(node.id);
  }
  for (const id of genome.out) {
    if (!known.has(id)) return { problem: `The genome's output ${id} does not exist.` };
  }
  return { genome };
}

/** Weights are kept to four decimals: short in the database, and the same after any number of JSON round trips. */
export function round4(value: number): number {
  const rounded = Math.round(value * 1e4) / 1e4;
  return rounded === 0 ? 0 : rounded;
}

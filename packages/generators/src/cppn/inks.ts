import type { Colouring, Genome } from "./genome.ts";
import { linearOf, linearOfOklab, mixOklab, oklabOf, type Triple } from "./oklab.ts";
import { type Palette, palette } from "./palettes.ts";

/** Steps of a sheet's gradient. */
export const inkSteps = 64;

export interface Inks {
  readonly paper: Triple;
  /** Per sheet (0 is the ground) `inkSteps` colours in linear light, three numbers each. */
  readonly sheets: Float32Array;
  /** The same for the disc. */
  readonly disc: Float32Array;
  /** Colour of the gaps between sheets. */
  readonly gap: Triple;
}

/** Lays the palette over the sheets of a picture. Linear light, 0 to 1. */
export function mixInks(genome: Genome): Inks {
  const colours = palette(genome.colour.palette);
  const ramp = rampOf(colours, genome.colour);
  const paper = oklabOf(colours.paper);
  const accent = oklabOf(colours.accent);
  // Bare paper within an arch or a circle would hide the window's shape.
  const windowed = genome.look.frame.kind === "arch" || genome.look.frame.kind === "round";
  const bare = windowed ? mixOklab(paper, ramp(0), 0.5) : paper;
  const { sheets, tint } = genome.look;
  const order = orderOf(genome.colour.order, sheets, genome.colour.ground === "ink");
  const last = genome.colour.ground === "ink" ? 1 : 0;
  const table = new Float32Array((sheets + 1) * inkSteps * 3);
  // A sheet's gradient runs towards its neighbours on the ramp, so it never leaves the palette.
  const span = (tint * 0.55) / Math.max(2, Math.min(sheets, 5));
  for (let sheet = 0; sheet <= sheets; sheet++) {
    const place = sheet === 0 ? last : order[sheet - 1]!;
    for (let step = 0; step < inkSteps; step++) {
      const shift = (step / (inkSteps - 1) - 0.5) * 2 * span;
      let colour: Triple;
      if (sheet === 0 && genome.colour.ground === "paper") {
        colour = mixOklab(bare, ramp(0.12), Math.max(0, shift) * 1.6);
      } else if (sheet === genome.colour.accent) {
        colour = mixOklab(accent, ramp(place), Math.max(0, shift) * 0.9);
      } else {
        colour = ramp(place + shift);
      }
      table.set(linearOfOklab(colour), (sheet * inkSteps + step) * 3);
    }
  }
  const disc = new Float32Array(inkSteps * 3);
  const discEnd = mixOklab(accent, ramp(0.35), 0.55);
  for (let step = 0; step < inkSteps; step++) {
    const share = (step / (inkSteps - 1)) ** 1.5 * Math.min(1, tint * 1.2);
    disc.set(linearOfOklab(mixOklab(accent, discEnd, share)), step * 3);
  }
  return { paper: linearOf(colours.paper), sheets: table, disc, gap: linearOf(colours.paper) };
}

/** A colour for every place 0…1 along the inks that the genome uses; beyond the ends it stays at the end. */
function rampOf(colours: Palette, { from, to }: Colouring): (place: number) => Triple {
  const stops = colours.inks.map(oklabOf);
  return (place) => {
    const share = Math.min(1, Math.max(0, from + place * (to - from)));
    const at = share * (stops.length - 1);
    const low = Math.min(stops.length - 2, Math.floor(at));
    return mixOklab(stops[low]!, stops[low + 1]!, at - low);
  };
}

/** Each sheet's place on the ramp, back to front. Weaving sets light against dark; a ramp recedes like a landscape. */
function orderOf(order: Colouring["order"], sheets: number, inkGround: boolean): number[] {
  // The last ink is the ground already: the sheets share what is before it.
  const end = inkGround ? 1 - 1 / (sheets + 1) : 1;
  const even = Array.from({ length: sheets }, (_, i) => (sheets === 1 ? 0.6 * end : (i / (sheets - 1)) * end));
  if (order === "ramp") return even;
  if (order === "reverse") return even.toReversed();
  const half = Math.ceil(sheets / 2);
  const woven = even.map((_, i) => even[i % 2 === 0 ? i / 2 : half + (i - 1) / 2]!);
  return order === "weave" ? woven : woven.toReversed();
}

import { founderColour } from "./colouring.ts";
import { type Genome, genomeVersion, type Look, round4 } from "./genome.ts";
import { type MotifName, motifNames } from "./lexicon.ts";
import { motifs } from "./motifs.ts";
import { type Net, net } from "./net.ts";
import { type Prng, weightedDeck } from "./prng.ts";
import type { Steering } from "./steering.ts";

/** A genome without parent, near to what the prompt asks for. */
export function makeFounder(random: Prng, steering: Steering, motif: MotifName): Genome {
  const network = net();
  const start = motifs[motif](network, random);
  if (steering.traits.bold === 0 && random.chance(0.3)) start.out[0] = disturb(network, random, start.out[0]);
  const look = { ...founderLook(random, steering), ...start.look };
  const symmetric = steering.traits.symmetry > 0 ? 0.9 : 0.08;
  const genome: Genome = {
    v: genomeVersion,
    motif,
    view: {
      zoom: random.range(0.8, 1.1),
      angle: random.range(-0.3, 0.3),
      x: 0,
      y: 0,
      symmetry: random.chance(symmetric) ? (random.chance(0.75) ? 1 : 2) : 0,
      petals: 3 + random.int(5),
      warp: [
        [random.range(0.03, 0.2), random.range(1, 2.4), random.range(0, 6.28)],
        [random.range(0.03, 0.2), random.range(1, 2.4), random.range(0, 6.28)],
      ],
      ...start.view,
    },
    foci: start.foci ?? [
      [random.range(-0.7, 0.7), random.range(-0.7, 0.7)],
      [random.range(-0.7, 0.7), random.range(-0.7, 0.7)],
    ],
    noise: [slowField(random), slowField(random)],
    facets: { count: 3 + random.int(3), angle: random.range(0, 6.28) },
    nodes: network.nodes,
    out: start.out,
    look,
    colour: founderColour(random, steering, look),
    print: null,
  };
  return rounded(genome);
}

/**
 * A second, weaker motif within a relief: what a purely regular picture lacks.
 * @returns the id of the new relief
 */
export function disturb(network: Net, random: Prng, relief: number, strength = 1): number {
  const second = motifs[random.pick(["islands", "waves", "river", "eclipse", "veil"] as const)](network, random);
  return network.add("id", [
    [relief, 1],
    [second.out[0], random.pick([-1, 1]) * random.range(0.15, 0.35) * strength],
  ]);
}

/** The order in which the founders of one run take the motifs: neighbours in the comparison never start alike. */
export function motifDeck(random: Prng, steering: Steering): readonly MotifName[] {
  return weightedDeck(random, motifNames, (name) => steering.motifs.get(name) ?? 0.1);
}

function slowField(random: Prng): Genome["noise"][0] {
  const wave = (frequency: number): [number, number, number] => {
    const angle = random.range(0, 6.28);
    return [frequency * Math.cos(angle), frequency * Math.sin(angle), random.range(0, 6.28)];
  };
  return [wave(random.range(1.2, 2)), wave(random.range(1.6, 2.8)), wave(random.range(2.5, 4))];
}

function founderLook(random: Prng, { traits }: Steering): Look {
  const style = random.next();
  const soft = traits.soft > 0;
  const sharp = traits.sharp > 0 && !soft;
  const bold = traits.bold > 0;
  const look: Look = {
    sheets: bold ? 2 + random.int(3) : traits.detailed > 0 ? 7 + random.int(4) : 3 + random.int(5),
    ground: random.range(0.28, 0.5),
    taper: random.range(0.8, 1.4),
    drift: random.range(0.1, 0.5),
    tint: random.range(0.3, 1),
    along: random.chance(0.5) ? 0 : random.range(0.3, 1),
    stipple: 0,
    relief: 0,
    shadow: 0,
    light: random.pick([-2.2, -1.9, -2.6, -0.9]),
    keyline: 0,
    hatch: 0,
    hatched: 0,
    disc: null,
    frame: { kind: "bleed", margin: 0 },
  };
  if (traits.paper > 0 || (!sharp && style < 0.36)) {
    // Cut paper: shadows, little gradient.
    look.shadow = random.range(0.45, 0.85);
    look.tint = random.range(0.15, 0.5);
  } else if (traits.grain > 0 || (!sharp && style < 0.66)) {
    // Risograph: grainy gradients within flat shapes.
    look.stipple = random.range(0.4, 0.75);
    look.tint = random.range(0.8, 1.3);
  } else if (sharp || style < 0.82) {
    // Screen print: flat inks, now and then with a gap between them.
    look.tint = random.range(0, 0.3);
    look.keyline = random.chance(0.5) ? random.range(0.003, 0.007) : 0;
  } else {
    // Airbrush: gradients along each sheet.
    look.tint = random.range(0.9, 1.3);
    look.along = 1;
    look.shadow = random.range(0.2, 0.5);
  }
  if (soft) {
    look.relief = random.range(0.1, 0.4);
    look.tint = Math.max(look.tint, 0.7);
  }
  if (random.chance(traits.lines > 0 ? 0.95 : 0.18)) {
    look.hatch = 2 + random.int(traits.lines > 0 ? 5 : 3);
    look.hatched = traits.lines > 0 ? 0b1111_1111_1111 : 1 << random.int(look.sheets);
  }
  if (random.chance(traits.disc > 0 ? 0.9 : 0.32)) look.disc = founderDisc(random, look.sheets);
  const framed = random.next();
  const wish = traits.frame > 0 ? 0.95 : 0.5;
  if (framed < wish * 0.68) look.frame = { kind: "mat", margin: random.pick([0.05, 0.065, 0.08]) };
  else if (framed < wish * 0.84) look.frame = { kind: "arch", margin: random.pick([0.07, 0.09]) };
  else if (framed < wish) look.frame = { kind: "round", margin: random.pick([0.07, 0.1]) };
  return look;
}

/** A sun or a moon, where thirds cross, behind the sheets in front. */
export function founderDisc(random: Prng, sheets: number): NonNullable<Look["disc"]> {
  return {
    kind: random.pick(["full", "full", "full", "ring", "bars"]),
    x: random.pick([0.36, 0.5, 0.62, 0.67]) + random.range(-0.04, 0.04),
    y: random.pick([0.3, 0.36, 0.42]) + random.range(-0.04, 0.04),
    r: random.pick([0.09, 0.13, 0.17, 0.22]) + random.range(-0.015, 0.015),
    depth: random.int(Math.max(1, Math.ceil(sheets / 2))),
  };
}

/** All numbers to four decimals, whole ones left alone. */
export function rounded(genome: Genome): Genome {
  return JSON.parse(
    JSON.stringify(genome, (_, value) => (typeof value === "number" ? round4(value) : value)),
  ) as Genome;
}

import type { Activation } from "./activations.ts";
import { layOut, paletteDeck } from "./colouring.ts";
import { disturb, founderDisc, rounded } from "./founder.ts";
import { firstNodeId, type Genome, type GenomeNode, inputNames, type Look, limits, round4 } from "./genome.ts";
import { net } from "./net.ts";
import type { Prng } from "./prng.ts";
import type { Steering } from "./steering.ts";

/** What a step may change. Each leaves everything else as the parent has it. */
export const loci = ["form", "variation", "colour", "finish"] as const;
export type Loci = (typeof loci)[number];

export interface Mutation {
  readonly loci: Loci;
  /** 1 is usual; from 0.25 (subtle) to 2 (strong). */
  readonly strength: number;
  /** Place among the siblings, from 1: what siblings share out between them, such as palettes, goes by it. */
  readonly ordinal: number;
}

/**
 * A child of `parent`.
 *
 * @param random the child's own stream
 * @param family a stream that all children of this parent at this step begin with in the same state
 */
export function mutate(parent: Genome, mutation: Mutation, steering: Steering, random: Prng, family: Prng): Genome {
  const child = structuredClone(parent);
  switch (mutation.loci) {
    case "form":
      changeForm(child, mutation, random);
      break;
    case "variation":
      vary(child, random, mutation.strength);
      break;
    case "colour":
      recolour(child, mutation, steering, random, family);
      break;
    case "finish":
      child.print = finishing(mutation.ordinal, random, mutation.strength);
      break;
    default:
      mutation.loci satisfies never;
  }
  return rounded(child);
}

function changeForm(child: Genome, { strength, ordinal }: Mutation, random: Prng): void {
  jitterWeights(child, random, 0.24 * strength);
  jitterView(child, random, 1.2 * strength);
  // Siblings share the kinds of change out: whoever chooses between them has something to choose from.
  if (ordinal % 3 === 1) graft(child, random, strength);
  if (ordinal % 3 === 2) changeLook(child, random);
  const changes = 1 + random.int(Math.max(1, Math.round(2 * strength)));
  for (let i = 0; i < changes; i++) {
    const die = random.next();
    if (die < 0.3) splitConnection(child, random, strength);
    else if (die < 0.5) addConnection(child, random, strength);
    else if (die < 0.6) swapActivation(child, random);
    else if (die < 0.75) moveFoci(child, random, 0.35 * strength);
    else if (die < 0.88) changeLook(child, random);
    else child.view.petals = within(child.view.petals + random.pick([-2, -1, 1, 2]), 2, 9);
  }
}

/** Another motif bends the relief. */
function graft(child: Genome, random: Prng, strength: number): void {
  // A motif has up to 7 nodes, and one more joins it on.
  if (child.nodes.length + 8 > limits.nodes) return;
  const grown = net(nextId(child));
  child.out[0] = disturb(grown, random, child.out[0], 1.6 * strength);
  child.nodes.push(...grown.nodes);
}

function nextId(child: Genome): number {
  return Math.max(firstNodeId - 1, ...child.nodes.map((node) => node.id)) + 1;
}

function vary(child: Genome, random: Prng, strength: number): void {
  const { look } = child;
  jitterWeights(child, random, 0.13 * strength);
  jitterView(child, random, 0.55 * strength);
  moveFoci(child, random, 0.12 * strength);
  look.ground = within(look.ground + 0.05 * strength * random.normal(), 0.15, 0.65);
  look.taper = within(look.taper * (1 + 0.12 * strength * random.normal()), 0.6, 1.8);
  look.drift = within(look.drift + 0.12 * strength * random.normal(), 0, 0.9);
  look.tint = within(look.tint + 0.1 * strength * random.normal(), 0, 1.4);
  look.light += 0.3 * strength * random.normal();
  // Where inks are woven, one sheet more gives every other sheet another colour.
  const even = child.colour.order === "ramp" || child.colour.order === "reverse";
  if (even && random.chance(0.4)) look.sheets = within(look.sheets + random.pick([-1, 1]), 2, 10);
  if (look.disc) {
    look.disc.x = within(look.disc.x + 0.05 * strength * random.normal(), 0.2, 0.8);
    look.disc.y = within(look.disc.y + 0.05 * strength * random.normal(), 0.2, 0.8);
    look.disc.r = within(look.disc.r * (1 + 0.15 * strength * random.normal()), 0.05, 0.3);
  }
}

/** Siblings take the family's palettes in turn; every third keeps the parent's and lays it out anew. */
function recolour(child: Genome, { ordinal }: Mutation, steering: Steering, random: Prng, family: Prng): void {
  const deck = paletteDeck(family, steering).filter((name) => name !== child.colour.palette);
  const keeps = ordinal % 3 === 0;
  const name = keeps ? child.colour.palette : deck[(ordinal - 1 - Math.floor(ordinal / 3)) % deck.length]!;
  const before = child.colour;
  child.colour = layOut(random, steering, child.look, name);
  // A new palette mostly keeps the parent's light and dark: it is the same picture in other inks.
  if (!keeps && random.chance(0.7)) {
    child.colour.order = before.order;
    child.colour.ground = before.ground;
    child.colour.accent = before.accent;
  }
}

const presses = ["giclee", "risograph", "letterpress", "aquatint"] as const;

function finishing(ordinal: number, random: Prng, strength: number): NonNullable<Genome["print"]> {
  return {
    kind: presses[(ordinal - 1) % presses.length]!,
    grain: within(random.range(0.45, 0.8) * strength, 0, 1),
    vignette: within(random.range(0.1, 0.6) * strength, 0, 1),
    warmth: within(random.range(-0.5, 1) * strength, -1, 1),
    seed: random.int(0xffff_ffff),
  };
}

function jitterWeights(child: Genome, random: Prng, amount: number): void {
  for (const node of child.nodes) {
    for (const input of node.in) {
      if (random.chance(0.7))
        input[1] = round4(within(input[1] + amount * random.normal() * (0.35 + Math.abs(input[1])), -6, 6));
    }
    if (random.chance(0.5)) node.bias = round4(within(node.bias + amount * 1.6 * random.normal(), -20, 20));
  }
}

function jitterView(child: Genome, random: Prng, strength: number): void {
  const { view } = child;
  view.zoom = within(view.zoom * (1 + 0.1 * strength * random.normal()), 0.6, 1.5);
  view.angle += 0.12 * strength * random.normal();
  view.x = within(view.x + 0.1 * strength * random.normal(), -0.8, 0.8);
  view.y = within(view.y + 0.1 * strength * random.normal(), -0.8, 0.8);
  for (const wave of view.warp) {
    wave[0] = within(wave[0] + 0.04 * strength * random.normal(), -0.35, 0.35);
    wave[1] = within(wave[1] + 0.2 * strength * random.normal(), 0.5, 3.2);
    wave[2] += 0.3 * strength * random.normal();
  }
  for (const field of child.noise) for (const wave of field) wave[2] += 0.25 * strength * random.normal();
}

function moveFoci(child: Genome, random: Prng, amount: number): void {
  for (const focus of child.foci) {
    focus[0] = within(focus[0] + amount * random.normal(), -1.2, 1.2);
    focus[1] = within(focus[1] + amount * random.normal(), -1.2, 1.2);
  }
  child.facets.angle += amount * random.normal();
}

/** New nodes are calm ones: a triangle or a ridge deep in the network shatters a picture. */
const growths: readonly Activation[] = ["sin", "sin", "tanh", "gauss", "soft", "id", "stair"];
const waviness: readonly (typeof inputNames)[number][] = [
  "x",
  "y",
  "r",
  "d1",
  "d2",
  "n1",
  "n2",
  "petalCos",
  "petalSin",
  "facet",
];

/** A node in the middle of a connection; half the old weight stays, so that the picture bends and does not break. */
function splitConnection(child: Genome, random: Prng, strength: number): void {
  if (child.nodes.length >= limits.nodes) return;
  const at = random.int(child.nodes.length);
  const node = child.nodes[at]!;
  const input = random.pick(node.in);
  if (node.act === "mul" || node.in.length >= limits.inputsPerNode) return;
  const id = nextId(child);
  const grown: GenomeNode = {
    id,
    act: random.pick(growths),
    bias: round4(random.range(-1, 1)),
    in: [
      [input[0], round4(random.range(0.6, 1.4))],
      [inputNames.indexOf(random.pick(waviness)), round4(random.range(-0.9, 0.9))],
    ],
  };
  node.in.push([id, round4(input[1] * 0.5 * Math.min(1.4, strength))]);
  input[1] = round4(input[1] * 0.6);
  child.nodes.splice(at, 0, grown);
}

function addConnection(child: Genome, random: Prng, strength: number): void {
  const node = random.pick(child.nodes);
  if (node.act === "mul" || node.in.length >= limits.inputsPerNode) return;
  const source = inputNames.indexOf(random.pick(waviness));
  const weight = round4(random.pick([-1, 1]) * random.range(0.12, 0.4) * strength);
  const there = node.in.find(([id]) => id === source);
  if (there) there[1] = round4(there[1] + weight);
  else node.in.push([source, weight]);
}

const calm: Partial<Record<Activation, readonly Activation[]>> = {
  sin: ["tri", "ridge", "tanh"],
  tri: ["sin", "ridge"],
  ridge: ["sin", "tri"],
  gauss: ["sin", "soft"],
  soft: ["gauss", "tanh"],
  tanh: ["sin"],
  id: ["stair"],
  stair: ["id"],
};

function swapActivation(child: Genome, random: Prng): void {
  const node = random.pick(child.nodes);
  const others = calm[node.act];
  if (others) node.act = random.pick(others);
}

function changeLook(child: Genome, random: Prng): void {
  const { look } = child;
  const changes: ((look: Look) => void)[] = [
    () => {
      look.sheets = within(look.sheets + random.pick([-2, -1, 1, 2]), 2, 10);
    },
    () => {
      look.hatch = look.hatch > 0 ? 0 : 2 + random.int(3);
      look.hatched = 1 << random.int(look.sheets);
    },
    () => {
      look.along = look.along > 0.5 ? 0 : 1;
    },
    () => {
      child.view.symmetry = child.view.symmetry === 0 ? 1 : 0;
    },
    () => {
      look.disc = look.disc ? null : founderDisc(random, look.sheets);
    },
    () => {
      look.keyline = look.keyline > 0 ? 0 : 0.005;
    },
  ];
  random.pick(changes)(look);
}

function within(value: number, low: number, high: number): number {
  return value < low ? low : Math.min(value, high);
}

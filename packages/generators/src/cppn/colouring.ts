import type { Colouring, Look } from "./genome.ts";
import { type PaletteName, paletteNames } from "./palettes.ts";
import { type Prng, weightedDeck } from "./prng.ts";
import type { Steering } from "./steering.ts";

/** The palettes in the order in which a family takes them: those near the prompt first. */
export function paletteDeck(random: Prng, steering: Steering): readonly PaletteName[] {
  return weightedDeck(random, paletteNames, (name) => steering.palettes.get(name) ?? 0.05);
}

export function founderColour(random: Prng, steering: Steering, look: Look): Colouring {
  return layOut(random, steering, look, paletteDeck(random, steering)[0]!);
}

/** A palette laid over a look's sheets: the order of its inks, the ground, and where the accent goes. */
export function layOut(random: Prng, { traits }: Steering, look: Look, name: PaletteName): Colouring {
  const inkGround = traits.dark > traits.light ? 0.75 : traits.light > 0 ? 0.05 : 0.3;
  const ground = random.chance(inkGround) ? "ink" : "paper";
  // On a dark ground the sheets get lighter towards the front, else darker: neighbours then always differ.
  const plain = ground === "ink" ? "reverse" : "ramp";
  const order = random.chance(0.68) ? plain : random.pick(["weave", "weaveBack"] as const);
  const from = random.chance(0.6) ? 0 : random.range(0, 0.25);
  const to = random.chance(0.6) ? 1 : random.range(0.75, 1);
  const accent = look.disc === null && random.chance(0.45) ? 1 + random.int(look.sheets) : -1;
  return { palette: name, order, ground, from, to, accent };
}

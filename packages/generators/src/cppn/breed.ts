import { makeFounder, motifDeck } from "./founder.ts";
import type { Genome } from "./genome.ts";
import { type Loci, mutate } from "./mutate.ts";
import { prng } from "./prng.ts";
import { faults, type Glance, glance } from "./screening.ts";
import { steeringOf } from "./steering.ts";

/** Everything that decides a candidate's genome. The same order always breeds the same genome. */
export interface Order {
  readonly run: number;
  readonly step: number;
  /** The parent's id and genome; a parent without a genome of ours gives a founder that is steered by its id. */
  readonly parent: { readonly id: number; readonly genome: Genome | null } | null;
  readonly ordinal: number;
  readonly loci: Loci;
  readonly strength: number;
  readonly prompt: string;
  readonly notes: readonly string[];
}

const tries = 20;
/** Siblings are compared within groups of this many, which bounds the work for a late ordinal. */
const litter = 12;

/**
 * Breeds the candidate of one slot, and sees to it that it can be told from its parent and from its siblings.
 *
 * Siblings are not read from anywhere: jobs run in any order and on any machine, so what is stored by now would make a
 * retry differ. They are bred again instead, from what this slot knows (run, step, parent, ordinal), in order, at
 * screening size: about 3 ms each.
 */
export function breed(order: Order): Genome {
  const family = [order.run, order.step, order.parent?.id ?? 0] as const;
  const steering = steeringOf(order.prompt, order.notes);
  const parent = order.parent?.genome ?? null;
  const parentGlance = parent && glance(parent);
  // Every step of a founder is as free as form is.
  const kind = parent ? order.loci : "form";
  const deck = parent ? [] : motifDeck(prng("motifs", ...family), steering);

  const make = (ordinal: number, attempt: number): Genome => {
    const random = prng("candidate", ...family, ordinal, attempt);
    if (parent === null) return makeFounder(random, steering, deck[(ordinal - 1) % deck.length]!);
    // A try fails because the child went too far, or not far enough: the next ones go less far and further in turn.
    const strength = order.strength * (attempt % 2 === 1 ? 0.93 ** attempt * 0.75 : 1 + 0.06 * attempt);
    return mutate(parent, { loci: kind, strength, ordinal }, steering, random, prng("family", ...family));
  };

  // Finishing changes no form: there is nothing to screen.
  if (parent && kind === "finish") return make(order.ordinal, 0);

  const first = order.ordinal - ((order.ordinal - 1) % litter);
  const siblings: Glance[] = [];
  for (let ordinal = first; ; ordinal++) {
    let best: { genome: Genome; look: Glance; fault: number } | undefined;
    for (let attempt = 0; attempt < tries; attempt++) {
      const genome = make(ordinal, attempt);
      const look = glance(genome);
      const fault = faults(look, parentGlance, siblings, kind);
      if (best === undefined || fault < best.fault) best = { genome, look, fault };
      if (fault === 0) break;
    }
    if (ordinal === order.ordinal) return best!.genome;
    siblings.push(best!.look);
  }
}

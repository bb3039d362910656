import type { Genome, Look } from "../genome.ts";
import type { Net } from "../net.ts";
import type { Prng } from "../prng.ts";

/** What a motif gives a founder: its network's outputs, and what in the view or the look it needs. */
export interface Motif {
  readonly out: Genome["out"];
  readonly view?: Partial<Genome["view"]>;
  readonly foci?: Genome["foci"];
  readonly look?: Partial<Look>;
}

/**
 * Builds a motif. The relief (first output) rises towards what lies in front; drift makes the sheets differ from each
 * other; tint is the way their gradients run.
 */
export type MakeMotif = (net: Net, random: Prng) => Motif;

export const tau = Math.PI * 2;

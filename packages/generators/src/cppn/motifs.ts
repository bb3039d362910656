import type { MotifName } from "./lexicon.ts";
import { islands, ripples, spiral, veil } from "./motifs/currents.ts";
import { crystal, shards } from "./motifs/edges.ts";
import { dunes, hills, river, waves } from "./motifs/landscapes.ts";
import type { MakeMotif } from "./motifs/motif.ts";
import { arches, bloom, eclipse, rings } from "./motifs/rounds.ts";

/**
 * The small networks that founders start from. A random network gives a random picture; one that begins as hills, an arch
 * or a bloom gives a composition, which mutation then takes apart.
 */
export const motifs: Readonly<Record<MotifName, MakeMotif>> = {
  hills,
  dunes,
  waves,
  rings,
  eclipse,
  bloom,
  spiral,
  crystal,
  shards,
  islands,
  veil,
  arches,
  ripples,
  river,
};

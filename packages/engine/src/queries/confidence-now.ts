import type { Queryable } from "../db/queryable.ts";
import { type CutConfidence, cutConfidence } from "../ratings/confidence.ts";
import { drawsOf } from "./posterior-cache.ts";

/**
 * V6 outside of the run's lock: how sure a cut is. Draws and candidates are read one after the other, so a candidate that
 * came in between has no draws yet and is left out.
 *
 * @param sourceId the run step whose candidates are ranked
 * @param ranked best first
 * @param k from 1
 * @returns also the candidates that it is about, best first
 */
export async function confidenceNow<C extends { readonly id: number }>(
  db: Queryable,
  sourceId: number,
  ranked: readonly C[],
  k: number,
): Promise<CutConfidence & { readonly shown: readonly C[] }> {
  const { draws } = await drawsOf(db, sourceId);
  const known = new Set(draws.ids);
  const shown = ranked.filter(({ id }) => known.has(id));
  const ids = shown.map(({ id }) => id);
  return { ...cutConfidence(draws, ids, k), shown };
}

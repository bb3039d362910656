import { type Rankable, topK } from "./ranking.ts";

/** A gate that was opened, with the K that it was opened for; null where it lets everything through. */
export interface OpenedGate {
  readonly k: number | null;
  readonly at: Date;
}

/**
 * What gates that were opened one after the other let through and is still there. Ratings do not change once the
 * first of them was opened, so the same cut can be made again (G3). Who was rejected later had taken a place, which
 * nothing fills (G13).
 *
 * @param candidates all of the step, rejected ones included
 */
export function cameThrough<T extends Rankable & { readonly rejectedAt: Date | null }>(
  candidates: readonly T[],
  gates: readonly OpenedGate[],
): T[] {
  let through = [...candidates];
  for (const { k, at } of gates) {
    if (k === null) continue;
    const there = through.filter(({ rejectedAt }) => rejectedAt === null || rejectedAt > at);
    through = topK(there, k).advancing;
  }
  return through.filter(({ rejectedAt }) => rejectedAt === null);
}

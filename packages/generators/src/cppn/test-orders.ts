import type { Order } from "./breed.ts";

/** An order for a founder, changed as a test needs it. */
export function orderFor(change: Partial<Order> = {}): Order {
  return { run: 1, step: 1, parent: null, ordinal: 1, loci: "form", strength: 1, prompt: "", notes: [], ...change };
}

/**
 * Lets each event through once. A batch may be delivered a second time when the connection breaks after it was
 * received and before its cursor was sent back; `seq` rises by one with every event of a run.
 */
export function createEventGate() {
  let last = Number.NEGATIVE_INFINITY;
  return function pass<E extends { readonly seq: number }>(events: readonly E[]): E[] {
    const fresh = events.filter((event) => event.seq > last);
    for (const event of fresh) last = Math.max(last, event.seq);
    return fresh;
  };
}

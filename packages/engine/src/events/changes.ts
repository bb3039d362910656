import type { EventTail, TailEvent } from "./event-tail.ts";

export interface Changes<Key> extends AsyncIterableIterator<Key[]> {
  /** Resolves when it listens. */
  readonly ready: Promise<void>;
}

/**
 * Turns the tail into a stream of wake-ups that carry what changed, merged while the reader is busy: however slow the
 * reader is, it costs one set of keys. Keys come in the order in which they changed first.
 *
 * What the caller reads after `ready` cannot miss a change. `return()` settles a pending `next()` at once, unlike an async generator's.
 *
 * @param keysOf what of an event the reader is interested in; nothing when it is not
 */
export function changes<Key>(tail: EventTail, keysOf: (event: TailEvent) => readonly Key[]): Changes<Key> {
  let changed = new Set<Key>();
  let waiting: ((result: IteratorResult<Key[]>) => void) | undefined;
  let ended = false;

  const listening = tail.listen((events) => {
    for (const event of events) for (const key of keysOf(event)) changed.add(key);
    if (changed.size > 0 && waiting) {
      waiting({ value: take(), done: false });
      waiting = undefined;
    }
  });
  const take = (): Key[] => {
    const keys = [...changed];
    changed = new Set();
    return keys;
  };
  const end = (): Promise<IteratorResult<Key[]>> => {
    ended = true;
    listening.stop();
    waiting?.({ value: undefined, done: true });
    waiting = undefined;
    return Promise.resolve({ value: undefined, done: true });
  };

  return {
    ready: listening.ready,
    async next() {
      await listening.ready;
      if (ended) return { value: undefined, done: true };
      if (changed.size > 0) return { value: take(), done: false };
      return await new Promise((resolve) => {
        waiting = resolve;
      });
    },
    return: end,
    throw: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

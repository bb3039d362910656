import { changes } from "./changes.ts";
import type { EventTail, TailEvent } from "./event-tail.ts";

/**
 * A live value: what `read` gives now, and again whenever something changed that it depends on. Reads never overlap;
 * changes during a read lead to one more. A read that gives `undefined` is left out.
 *
 * @param concerns whether an event may have changed the value
 */
export function live<T>(
  tail: EventTail,
  concerns: (event: TailEvent) => boolean,
  read: () => Promise<T | undefined>,
): AsyncIterableIterator<T> {
  // Listening before the first read: a change in between is found by the next one.
  const wakeUps = changes(tail, (event) => (concerns(event) ? [true] : []));
  let dirty = true;
  return {
    async next() {
      await wakeUps.ready;
      for (;;) {
        if (!dirty && (await wakeUps.next()).done) return { value: undefined, done: true };
        dirty = false;
        const value = await read();
        if (value !== undefined) return { value, done: false };
      }
    },
    async return() {
      await wakeUps.return?.();
      return { value: undefined, done: true };
    },
    async throw(error) {
      await wakeUps.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The keys of changes one by one, each mapped by `read`; for lists of things that change anywhere. */
export function liveEach<Key, T>(
  tail: EventTail,
  keysOf: (event: TailEvent) => readonly Key[],
  read: (key: Key) => Promise<T | undefined>,
): AsyncIterableIterator<T> {
  const keys = changes(tail, keysOf);
  let pending: Key[] = [];
  return {
    async next() {
      for (;;) {
        const key = pending.shift();
        if (key === undefined) {
          const more = await keys.next();
          if (more.done) return { value: undefined, done: true };
          pending = more.value;
          continue;
        }
        const value = await read(key);
        if (value !== undefined) return { value, done: false };
      }
    },
    async return() {
      await keys.return?.();
      return { value: undefined, done: true };
    },
    async throw(error) {
      await keys.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

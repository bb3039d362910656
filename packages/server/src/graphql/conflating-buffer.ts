/** Values for one reader, who takes them at its own pace. `return()` settles a pending `next()` at once. */
export interface ConflatingBuffer<T> extends AsyncIterableIterator<T> {
  /** Adds a value; one of the same key that was not taken yet is replaced, and keeps its place. */
  push(key: unknown, value: T): void;
  /** No more values follow; what is there can still be taken, then `last`, if given. */
  end(last?: T): void;
}

/**
 * A buffer whose size is the number of different things that changed, not the number of changes: a reader that is
 * slow costs no more and gets the newest of each.
 *
 * @param options.limit so many keys at most; one more drops all and ends the buffer with what `options.overflow` gives
 * @param options.onReturn the reader is gone
 */
export function conflatingBuffer<T>(options: {
  readonly limit: number;
  readonly overflow: () => T;
  readonly onReturn: () => Promise<void>;
}): ConflatingBuffer<T> {
  const values = new Map<unknown, T>();
  const waiting: ((result: IteratorResult<T>) => void)[] = [];
  let ended = false;

  const take = (): IteratorResult<T> | undefined => {
    const first = values.entries().next();
    if (first.done) return ended ? { value: undefined, done: true } : undefined;
    const [key, value] = first.value;
    values.delete(key);
    return { value, done: false };
  };
  const deliver = (): void => {
    while (waiting.length > 0) {
      const result = take();
      if (!result) return;
      waiting.shift()?.(result);
    }
  };
  const end = (last?: T): void => {
    if (ended) return;
    ended = true;
    if (last !== undefined) values.set(END, last);
    deliver();
  };

  return {
    push(key, value) {
      if (ended) return;
      values.set(key, value);
      deliver();
      if (values.size <= options.limit) return;
      values.clear();
      end(options.overflow());
    },
    end,
    next() {
      const result = take();
      if (result) return Promise.resolve(result);
      return new Promise((resolve) => void waiting.push(resolve));
    },
    async return() {
      values.clear();
      end();
      await options.onReturn();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const END = Symbol("end");

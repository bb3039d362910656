import { type ConflatingBuffer, conflatingBuffer } from "./conflating-buffer.ts";
import { type EventResultsDeps, eventResults } from "./event-results.ts";

/** Results of one source that any number of readers take, each at its own pace. */
export interface SharedStream<Result> {
  /**
   * Adds a reader, who gets what comes from now on.
   *
   * @param first what it gets before that, read for it alone
   */
  join(first?: AsyncIterableIterator<Result>): AsyncIterableIterator<Result>;
}

export interface SharedStreamDeps<Result> extends EventResultsDeps<Result> {
  /** Results of the same key replace each other where a reader has not taken them yet. */
  readonly keyOf: (event: unknown) => unknown;
  /** What ends the stream of a reader that is too far behind. */
  readonly tooSlow: () => Result;
  /** The source has ended, or the last reader has left. */
  readonly onEnd: () => void;
}

/** A result takes some kilobytes, and is the same object for all readers. */
const MAX_BEHIND = 1_000;

/** Takes the events of a source as they come, executes each once, and hands the result to every reader's buffer. */
export function sharedStream<Result>(deps: SharedStreamDeps<Result>): SharedStream<Result> {
  const readers = new Set<ConflatingBuffer<Result>>();
  const results = eventResults<{ key: unknown; result: Result }>({
    source: deps.source,
    execute: async (event) => ({ key: deps.keyOf(event), result: await deps.execute(event) }),
    failed: (error) => ({ key: FAILED, result: deps.failed(error) }),
  });

  const run = async (): Promise<void> => {
    // Errors are results by now; nothing here throws.
    for await (const { key, result } of results) for (const reader of readers) reader.push(key, result);
    deps.onEnd();
    for (const reader of readers) reader.end();
  };
  let started = false;

  return {
    join(first) {
      const reader = conflatingBuffer<Result>({
        limit: MAX_BEHIND,
        overflow: deps.tooSlow,
        onReturn: async () => {
          if (!readers.delete(reader) || readers.size > 0) return;
          // At once, so that whoever comes while the source closes gets a new one.
          deps.onEnd();
          await results.return?.();
        },
      });
      readers.add(reader);
      if (!started) void run();
      started = true;
      return first ? chained(first, reader) : reader;
    },
  };
}

const FAILED = Symbol("failed");

/** All of the first, then all of the second. */
function chained<T>(first: AsyncIterableIterator<T>, second: AsyncIterableIterator<T>): AsyncIterableIterator<T> {
  let current = first;
  return {
    async next() {
      const result = await current.next();
      if (!result.done || current === second) return result;
      current = second;
      return await second.next();
    },
    async return() {
      current = second;
      await first.return?.();
      return (await second.return?.()) ?? { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

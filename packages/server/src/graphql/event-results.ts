import type { ExecutionResult } from "graphql";

export interface EventResultsDeps<Result> {
  readonly source: AsyncIterable<unknown>;
  readonly execute: (event: unknown) => Promise<Result>;
  /** The result that ends the stream when the source fails. */
  readonly failed: (error: unknown) => Result;
}

/**
 * One result for each event of a source. A source that fails ends with a result that says so, where a thrown error
 * would reach clients as it is.
 *
 * No generator: the `return()` of one waits for the next event, and a reader that has gone would hold its source
 * until then.
 *
 * @param limit events after which it ends by itself
 */
export function eventResults<Result = ExecutionResult>(
  { source, execute, failed }: EventResultsDeps<Result>,
  limit = Number.POSITIVE_INFINITY,
): AsyncIterableIterator<Result> {
  const events = source[Symbol.asyncIterator]();
  let ended = false;
  let taken = 0;
  const done = { value: undefined, done: true } as const;
  const end = async (): Promise<IteratorResult<Result>> => {
    if (ended) return done;
    ended = true;
    await events.return?.();
    return done;
  };
  return {
    async next() {
      if (ended) return done;
      if (taken === limit) return await end();
      taken += 1;
      try {
        const event = await events.next();
        if (event.done || ended) return await end();
        return { value: await execute(event.value), done: false };
      } catch (error) {
        await end();
        return { value: failed(error), done: false };
      }
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

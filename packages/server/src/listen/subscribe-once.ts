import type { Client, SubscribePayload } from "graphql-ws";

/** Values that wait for a reader before the client stops listening until it has read them. */
const FULL = 500;

/** One subscription, or one question, until it ends. */
export interface Subscribed<T> {
  /** What comes, in order; it ends with the subscription, and leaving it ends the subscription. */
  readonly values: AsyncGenerator<T, void>;
  /** Why it ended, once it has; undefined where the server was done, the reader too slow, or it was stopped. */
  error(): unknown;
}

/**
 * Subscribes over a client that opens its connection again by itself. A reader that is slower than the server fills the
 * queue: then the subscription ends, and whoever reads subscribes again behind what was received.
 *
 * @param onValue hears of each value when it is received, which is before it is read
 */
export function subscribeOnce<T>(
  client: Client,
  request: SubscribePayload,
  signal: AbortSignal,
  onValue: (value: T) => void = () => {},
): Subscribed<T> {
  const queue: T[] = [];
  let over = false;
  let why: unknown;
  let news = Promise.withResolvers<void>();
  const end = (error?: unknown): void => {
    if (!over) why = error;
    over = true;
    news.resolve();
  };
  const stop = client.subscribe<T>(request, {
    next({ data, errors }) {
      if (over) return;
      if (errors || !data) return end(errors ?? new Error("The server gave an answer without data"));
      onValue(data);
      queue.push(data);
      news.resolve();
      if (queue.length < FULL) return;
      end();
      stop();
    },
    error: (error) => end(error),
    complete: () => end(),
  });
  const onAbort = (): void => end();
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) end();

  async function* values(): AsyncGenerator<T, void> {
    try {
      while (queue.length > 0 || !over) {
        yield* queue.splice(0);
        if (over) continue;
        await news.promise;
        news = Promise.withResolvers();
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      stop();
    }
  }
  return { values: values(), error: () => why };
}

import { setTimeout as sleep } from "node:timers/promises";
import { backoff, feedClient } from "./feed-client.ts";
import { explain } from "./feed-errors.ts";
import { subscribeOnce } from "./subscribe-once.ts";

/** One GraphQL server, over a WebSocket that is opened again for as long as it takes. */
export interface GraphqlFeed extends AsyncDisposable {
  /** Asks until there is an answer. */
  ask<T>(query: string): Promise<T>;
  /**
   * A subscription that goes on behind the last value after every interruption. No more than a page of values waits
   * for the reader.
   *
   * @param cursorOf the place of a value, for the variable `after`
   */
  follow<T>(query: string, after: string, cursorOf: (value: T) => string): AsyncGenerator<T, void>;
}

export interface GraphqlFeedOptions {
  /** Asked at each attempt: a server that is started anew may be elsewhere. */
  readonly address: () => Promise<string>;
  readonly token: string;
  /** Hears, in a sentence, when the server goes away and when it is back. */
  readonly onNote: (note: string) => void;
  readonly signal: AbortSignal;
}

/** Everything throws a SetupError where trying again is of no use: the token is refused, the cursor is not known. */
export function graphqlFeed({ address, token, onNote, signal }: GraphqlFeedOptions): GraphqlFeed {
  const notes = outageNotes(onNote, signal);
  const client = feedClient({ address, token, onConnected: notes.back, onLost: notes.lost });
  const wait = (retries: number): Promise<void> =>
    sleep(backoff(retries), undefined, { signal }).catch(() => undefined);

  return {
    async ask<T>(query: string) {
      for (let retries = 0; ; retries += 1) {
        signal.throwIfAborted();
        const asked = subscribeOnce<T>(client, { query }, signal);
        for await (const answer of asked.values) return answer;
        signal.throwIfAborted();
        notes.lost(explain(asked.error() ?? new Error("The server gave no answer")));
        await wait(retries);
      }
    },

    async *follow<T>(query: string, after: string, cursorOf: (value: T) => string) {
      let cursor = after;
      let retries = 0;
      while (!signal.aborted) {
        const request = {
          query,
          // Sent anew whenever the client reconnects: as a getter it carries the newest cursor.
          get variables() {
            return { after: cursor };
          },
        };
        const subscribed = subscribeOnce<T>(client, request, signal, (value) => {
          cursor = cursorOf(value);
          retries = 0;
        });
        const before = cursor;
        yield* subscribed.values;
        if (signal.aborted) return;
        const error = subscribed.error();
        if (error !== undefined) notes.lost(explain(error));
        if (cursor !== before) continue;
        await wait(retries);
        retries += 1;
      }
    },

    [Symbol.asyncDispose]: async () => void (await client.dispose()),
  };
}

/** Says once that the server is away, however often it is tried, and once that it is back. */
function outageNotes(onNote: (note: string) => void, signal: AbortSignal) {
  let away = false;
  return {
    lost(why: string): void {
      if (away || signal.aborted) return;
      away = true;
      onNote(`${why} Trying again until it answers.`);
    },
    back(): void {
      if (away) onNote("Connected again.");
      away = false;
    },
  };
}

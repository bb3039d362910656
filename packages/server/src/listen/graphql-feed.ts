import { setTimeout as sleep } from "node:timers/promises";
import { SetupError } from "@sluice/db";
import { type Client, CloseCode, createClient } from "graphql-ws";
import WebSocket from "ws";

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

/** Values that wait for a reader before it stops listening until it has read them. */
const FULL = 500;
const LONGEST_WAIT_MS = 5_000;
const PING_MS = 10_000;
const PONG_MS = 5_000;

/** Everything throws a SetupError where trying again is of no use: the token is refused, the cursor is not known. */
export function graphqlFeed({ address, token, onNote, signal }: GraphqlFeedOptions): GraphqlFeed {
  let away = false;
  const lost = (why: string): void => {
    if (away || signal.aborted) return;
    away = true;
    onNote(`${why} Trying again until it answers.`);
  };
  const client = connect(address, token, {
    connected: () => {
      if (away) onNote("Connected again.");
      away = false;
    },
    lost,
  });
  const wait = (retries: number): Promise<void> =>
    sleep(Math.min(LONGEST_WAIT_MS, 200 * 2 ** retries), undefined, { signal }).catch(() => undefined);

  return {
    async ask<T>(query: string) {
      for (let retries = 0; ; retries += 1) {
        signal.throwIfAborted();
        const answer = await new Promise<{ data?: T | null; error?: unknown }>((resolve) => {
          const stop = client.subscribe<T>(
            { query },
            {
              next: ({ data, errors }) => resolve(errors ? { error: errors } : { data: data ?? null }),
              error: (error) => resolve({ error }),
              complete: () => resolve({ error: new Error("The server gave no answer.") }),
            },
          );
          signal.addEventListener("abort", () => {
            stop();
            resolve({ error: signal.reason });
          });
        });
        if (answer.data != null) return answer.data;
        signal.throwIfAborted();
        lost(explain(answer.error));
        await wait(retries);
      }
    },

    async *follow<T>(query: string, after: string, cursorOf: (value: T) => string) {
      let cursor = after;
      for (let retries = 0; !signal.aborted; retries += 1) {
        const queue: T[] = [];
        let over: { readonly error?: unknown } | undefined;
        let received = false;
        let news = Promise.withResolvers<void>();
        const end = (how: { readonly error?: unknown }): void => {
          over ??= how;
          news.resolve();
        };
        const stop = client.subscribe<T>(
          {
            query,
            // Sent anew whenever the client reconnects: as a getter it carries the newest cursor.
            get variables() {
              return { after: cursor };
            },
          },
          {
            next({ data, errors }) {
              if (over) return;
              if (errors || !data) return end({ error: errors });
              cursor = cursorOf(data);
              received = true;
              queue.push(data);
              if (queue.length < FULL) return news.resolve();
              end({});
              stop();
            },
            error: (error) => end({ error }),
            complete: () => end({}),
          },
        );
        const onAbort = (): void => end({});
        signal.addEventListener("abort", onAbort);
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
        if (signal.aborted) return;
        const { error } = over as { error?: unknown };
        if (error !== undefined) lost(explain(error));
        if (received) retries = -1;
        else await wait(retries);
      }
    },

    [Symbol.asyncDispose]: async () => void (await client.dispose()),
  };
}

function connect(
  address: () => Promise<string>,
  token: string,
  on: { readonly connected: () => void; readonly lost: (why: string) => void },
): Client {
  let patience: NodeJS.Timeout | undefined;
  let last = "";
  const client = createClient({
    url: async () => {
      last = await address();
      return `${last.replace(/^http/, "ws")}/graphql`;
    },
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (event) => closeCode(event) !== CloseCode.Forbidden,
    retryWait: (retries) => sleep(Math.min(LONGEST_WAIT_MS, 200 * 2 ** retries) * (0.5 + Math.random() / 2)),
    // A connection that died in silence looks open for minutes: who does not answer a ping is let go.
    keepAlive: PING_MS,
    on: {
      ping: (received) => {
        if (!received) patience = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(patience);
      },
      connected: on.connected,
      closed: (event) => {
        clearTimeout(patience);
        const code = closeCode(event);
        if (code !== CloseCode.Forbidden && code !== 1000) on.lost(`${last} does not answer.`);
      },
    },
  });
  return client;
}

function closeCode(event: unknown): number | undefined {
  return typeof event === "object" && event !== null && "code" in event && typeof event.code === "number"
    ? event.code
    : undefined;
}

const REFUSED =
  "The token was refused. One that may listen: npm run --silent sluice -- token --name listener --role VIEWER --scopes VIEW";

/** @throws SetupError where trying again is of no use */
function explain(error: unknown): string {
  if (closeCode(error) === CloseCode.Forbidden) throw new SetupError(REFUSED);
  if (!Array.isArray(error)) return `The connection broke${error instanceof Error ? `: ${error.message}.` : "."}`;
  const [first] = error as { message: string; extensions?: { code?: string } }[];
  switch (first?.extensions?.code) {
    case "UNAUTHENTICATED":
    case "FORBIDDEN":
      throw new SetupError(REFUSED);
    case "BAD_CURSOR":
      throw new SetupError(`${first.message} Begin anew: without --since, and with another --state file.`);
    case "GRAPHQL_VALIDATION_FAILED":
    case "GRAPHQL_PARSE_FAILED":
      throw new SetupError(`The server is of another version than this command: ${first.message}`);
    default:
      return `The server said: ${first?.message ?? "nothing"}`;
  }
}

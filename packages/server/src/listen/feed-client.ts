import { setTimeout as sleep } from "node:timers/promises";
import { type Client, CloseCode, createClient } from "graphql-ws";
import WebSocket from "ws";
import { closeCode } from "./feed-errors.ts";

const LONGEST_WAIT_MS = 5_000;
const PING_MS = 10_000;
const PONG_MS = 5_000;

/** How long to wait before trying again, in milliseconds. @param retries how often it was tried without success */
export const backoff = (retries: number): number => Math.min(LONGEST_WAIT_MS, 200 * 2 ** retries);

export interface FeedClientOptions {
  /** Asked at each attempt: a server that is started anew may be elsewhere. */
  readonly address: () => Promise<string>;
  readonly token: string;
  readonly onConnected: () => void;
  /** Hears, in a sentence, that the server does not answer. */
  readonly onLost: (why: string) => void;
}

/** A client that opens its WebSocket again for as long as it takes, unless its token is refused. */
export function feedClient({ address, token, onConnected, onLost }: FeedClientOptions): Client {
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
    retryWait: (retries) => sleep(backoff(retries) * (0.5 + Math.random() / 2)),
    // A connection that died in silence looks open for minutes: who does not answer a ping is let go.
    keepAlive: PING_MS,
    on: {
      ping: (received) => {
        if (!received) patience = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(patience);
      },
      connected: onConnected,
      closed: (event) => {
        clearTimeout(patience);
        const code = closeCode(event);
        if (code !== CloseCode.Forbidden && code !== 1000) onLost(`${last} does not answer.`);
      },
    },
  });
  return client;
}

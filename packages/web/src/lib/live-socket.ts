import { createClient } from "graphql-ws";
import { connection } from "./connection-state.ts";
import { goToSignIn } from "./sign-in.ts";

const KEEP_ALIVE_MS = 10_000;
const PONG_TIMEOUT_MS = 5_000;
/** Close codes of the server: not signed in, and signed in without the right to be here. */
const SIGN_IN_CODES: readonly number[] = [4401, 4403];

function socketUrl(): string {
  return `${window.location.origin.replace(/^http/, "ws")}/graphql`;
}

/** Waits 0.3 s, 0.6 s, … up to 10 s with up to 30 % jitter, so that a restarted server is not met by everybody at once. */
function retryWait(retries: number): Promise<void> {
  const base = Math.min(10_000, 300 * 2 ** retries);
  const delay = base * (1 + Math.random() * 0.3);
  return new Promise((resolve) => setTimeout(resolve, delay));
}

/**
 * One WebSocket for all subscriptions of the tab. It opens with the first subscription and never gives up: the
 * library's default of five attempts leaves a page that silently shows old data after a server restart.
 * A half-open connection (laptop asleep, cable pulled) sends no close event, so a missing pong closes it here.
 */
export function createLiveSocket() {
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  let everOpen = false;
  const clearPong = () => clearTimeout(pongTimer);

  const client = createClient({
    url: socketUrl,
    keepAlive: KEEP_ALIVE_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait,
    on: {
      connecting: () => connection.set(everOpen ? "reconnecting" : "connecting"),
      connected: () => {
        everOpen = true;
        connection.set("open");
      },
      ping: (received) => {
        if (received) return;
        clearPong();
        pongTimer = setTimeout(() => client.terminate(), PONG_TIMEOUT_MS);
      },
      pong: (received) => {
        if (received) clearPong();
      },
      closed: (event) => {
        clearPong();
        const { code, wasClean } =
          typeof event === "object" && event !== null ? (event as { code?: number; wasClean?: boolean }) : {};
        if (code !== undefined && SIGN_IN_CODES.includes(code)) return goToSignIn();
        // 1000: nothing is subscribed any more and the socket was closed on purpose.
        connection.set(code === 1000 && wasClean !== false ? "idle" : "reconnecting");
        if (code === 1000) everOpen = false;
      },
    },
  });
  return client;
}

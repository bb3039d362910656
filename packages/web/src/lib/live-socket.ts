import { createClient } from "graphql-ws";
import { connection } from "./connection-state.ts";
import { goToSignIn } from "./sign-in.ts";
import { createStandIn } from "./stand-in.ts";

const KEEP_ALIVE_MS = 10_000;
const PONG_TIMEOUT_MS = 5_000;
/** Some proxies neither pass an upgrade on nor refuse it. */
const CONNECT_TIMEOUT_MS = 8_000;
/** Every how many ms what is shown is read again where no live connection can be had. */
export const POLL_MS = 4_000;
/** Close codes of the server: not signed in, and signed in without the right to be here. */
const SIGN_IN_CODES: readonly number[] = [4401, 4403];

function socketUrl(): string {
  return `${window.location.origin.replace(/^http/, "ws")}/graphql`;
}

/**
 * Waits 0.3 s, 0.6 s, … up to 10 s with up to 30 % jitter, so that a restarted server is not met by everybody at once;
 * less where the network comes back or somebody comes back to the page meanwhile.
 */
function retryWait(retries: number): Promise<void> {
  const base = Math.min(10_000, 300 * 2 ** retries);
  const delay = base * (1 + Math.random() * 0.3);
  return new Promise((resolve) => {
    const waited = new AbortController();
    const done = () => {
      clearTimeout(timer);
      waited.abort();
      resolve();
    };
    const timer = setTimeout(done, delay);
    window.addEventListener("online", done, { signal: waited.signal });
    document.addEventListener("visibilitychange", () => document.hidden || done(), { signal: waited.signal });
  });
}

async function reachable(): Promise<boolean> {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(POLL_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}

/**
 * One WebSocket for all subscriptions of the tab. It opens with the first subscription and never gives up: the
 * library's default of five attempts leaves a page that silently shows old data after a server restart.
 * A half-open connection (laptop asleep, cable pulled) sends no close event, so a missing pong closes it here.
 */
export function createLiveSocket() {
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  let connectTimer: ReturnType<typeof setTimeout> | undefined;
  const clearTimers = () => {
    clearTimeout(pongTimer);
    clearTimeout(connectTimer);
  };
  const standIn = createStandIn({
    store: connection,
    reachable,
    hidden: () => document.hidden,
    everyMs: POLL_MS,
    afterFailures: 3,
  });
  document.addEventListener("visibilitychange", () => document.hidden || standIn.lookNow());

  const client = createClient({
    url: socketUrl,
    keepAlive: KEEP_ALIVE_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait,
    on: {
      connecting: () => {
        if (connection.state() === "idle") connection.set("connecting");
        connectTimer = setTimeout(() => client.terminate(), CONNECT_TIMEOUT_MS);
      },
      connected: () => {
        clearTimers();
        standIn.stop();
        connection.set("open");
      },
      ping: (received) => {
        if (received) return;
        clearTimeout(pongTimer);
        pongTimer = setTimeout(() => client.terminate(), PONG_TIMEOUT_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pongTimer);
      },
      closed: (event) => {
        clearTimers();
        const { code, wasClean } =
          typeof event === "object" && event !== null ? (event as { code?: number; wasClean?: boolean }) : {};
        if (code !== undefined && SIGN_IN_CODES.includes(code)) return goToSignIn();
        // 1000: nothing is subscribed any more and the socket was closed on purpose.
        if (code !== 1000 || wasClean === false) return standIn.failed();
        standIn.stop();
        connection.set("idle");
      },
    },
  });
  return client;
}

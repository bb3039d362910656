import { setTimeout as pause } from "node:timers/promises";
import type { Postmaster, startPostmaster } from "./postmaster.ts";

/** A server that has run for so long is sound: when it ends after that, it is started again at once. */
const STEADY_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** While sessions of the server that ended are still at work; they notice it within moments. */
const STILL_ENDING_PAUSE_MS = 200;

/** The server of a cluster, whichever process it is at the moment. */
export interface KeptPostmaster {
  readonly pid: number;
  readonly port: number;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/**
 * Starts a server again whenever it ends without having been asked to: killed for want of memory, or by hand. Without
 * it a Sluice would go on and answer nothing until somebody looks. Each failure in a row doubles the pause before the
 * next attempt, from 1 s to 30 s; what happens is said in a sentence.
 *
 * `start` starts it once more, on the same port and data; what it throws is said and tried again.
 */
export function keepRunning(deps: {
  first: Postmaster;
  start: () => ReturnType<typeof startPostmaster>;
  log: (line: string) => void;
}): KeptPostmaster {
  const { log } = deps;
  let current = deps.first;
  const asked = new AbortController();
  const toStop = new Promise<void>((resolve) => asked.signal.addEventListener("abort", () => resolve()));
  const waitFor = (ms: number) => pause(ms, undefined, { signal: asked.signal, ref: false }).catch(() => {});

  /** Undefined when it is to stop before it runs again. */
  async function startAgain(failures: number): Promise<Postmaster | undefined> {
    let failed = failures;
    while (!asked.signal.aborted) {
      if (failed > 0) await waitFor(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failed - 1)));
      if (asked.signal.aborted) break;
      const started = await deps
        .start()
        .catch((error: unknown) => String(error instanceof Error ? error.message : error));
      if (typeof started !== "string") return started;
      if (started === "still ending") {
        await waitFor(STILL_ENDING_PAUSE_MS);
        continue;
      }
      failed += 1;
      const why = started === "port taken" ? `another program has taken its port ${current.port}.` : started;
      log(`PostgreSQL could not be started again and will be tried once more: ${why}`);
    }
    return undefined;
  }

  async function keep(): Promise<void> {
    let failures = 0;
    for (;;) {
      const since = performance.now();
      await Promise.race([current.ended, toStop]);
      if (asked.signal.aborted) return;
      failures = performance.now() - since > STEADY_MS ? 0 : failures;
      log(`PostgreSQL (process ${current.pid}) ended although nobody stopped it. It is started again.`);
      const next = await startAgain(failures);
      if (!next) return;
      current = next;
      failures += 1;
      log(`PostgreSQL runs again (process ${current.pid}).`);
    }
  }

  const kept = keep();
  return {
    get pid() {
      return current.pid;
    },
    port: deps.first.port,
    async stop() {
      asked.abort();
      await kept;
      await current.stop();
    },
  };
}

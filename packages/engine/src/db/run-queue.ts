import { RunBusyError } from "./outage.ts";

/**
 * Shorter than a statement waits for a lock (10 s, `openPool` of the server): while a run stays locked, those behind
 * the first give up before their turn comes, instead of each waiting as long again.
 */
const MAX_WAIT_MS = 8_000;

/** Lets pieces of work about the same run take turns, before they take a connection. */
export type RunQueue = <T>(runId: number, work: () => Promise<T>) => Promise<T>;

/**
 * Makes a queue for one pool. Without it, everything that is asked about one run whose row stays locked would wait
 * on a connection each, and twenty such requests would leave none for sign-in, health checks and all other runs.
 * The lock lets through one at a time anyway.
 *
 * @throws RunBusyError (from the queue it returns) when a turn does not come in time
 */
export function runQueue(maxWaitMs = MAX_WAIT_MS): RunQueue {
  /** Runs that are worked on, with who waits for each. */
  const lines = new Map<number, (() => void)[]>();

  const turn = async (runId: number): Promise<void> => {
    const line = lines.get(runId);
    if (!line) {
      lines.set(runId, []);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        line.splice(line.indexOf(start), 1);
        reject(new RunBusyError());
      }, maxWaitMs);
      line.push(start);
    });
  };

  return async (runId, work) => {
    await turn(runId);
    try {
      return await work();
    } finally {
      // Handed on as it is: whoever comes in between does not overtake.
      const next = lines.get(runId)?.shift();
      if (next) next();
      else lines.delete(runId);
    }
  };
}

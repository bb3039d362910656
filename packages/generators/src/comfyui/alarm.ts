import { setTimeout as sleep } from "node:timers/promises";

/** A sleep that can be cut short. */
export interface Alarm {
  /** Ends the sleep, or the next one where nobody sleeps. */
  ring(): void;
  /** Never rejects: an aborted signal ends it too. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export function alarm(): Alarm {
  let bell = Promise.withResolvers<void>();
  return {
    ring: () => bell.resolve(),
    async sleep(ms, signal) {
      const ended = new AbortController();
      const timer = sleep(ms, undefined, { signal: AbortSignal.any([signal, ended.signal]) }).catch(() => {});
      await Promise.race([timer, bell.promise]);
      ended.abort();
      bell = Promise.withResolvers();
    },
  };
}

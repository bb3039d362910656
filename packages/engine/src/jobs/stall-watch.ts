import { checkStalls } from "../commands/check-stalls.ts";
import type { EngineDeps } from "../deps.ts";

const INTERVAL_MS = 2_000;

/** Looks for stalled runs until it is disposed of. Several processes may: a stall raises one alert all the same. */
export function watchStalls(deps: EngineDeps, onError: (error: unknown) => void): AsyncDisposable {
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= checkStalls(deps)
      .catch(onError)
      .finally(() => {
        looking = undefined;
      });
  }, INTERVAL_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await looking;
    },
  };
}

import { type Generator, GeneratorError } from "@sluice/engine";

/** A generator of texts that makes as many as it was allowed, and then waits until it is allowed more. */
export function countedGenerator(name: string): Generator & { allow(count: number): void } {
  let allowed = 0;
  let changed = Promise.withResolvers<void>();
  return {
    name,
    media: "text",
    checkConfig: () => undefined,
    async generate({ ordinal }, { signal }) {
      const stopped = Promise.withResolvers<never>();
      const stop = () => stopped.reject(new GeneratorError("Stopped.", { retryable: false }));
      signal.addEventListener("abort", stop, { once: true });
      while (allowed === 0) await Promise.race([changed.promise, stopped.promise]);
      allowed -= 1;
      return { assets: [], text: `Text ${ordinal}`, meta: {} };
    },
    allow(count) {
      allowed += count;
      changed.resolve();
      changed = Promise.withResolvers();
    },
  };
}

import type { GenerateContext, Generated, GenerateRequest, Generator } from "@sluice/engine";

/** One attempt, which goes on and ends as the test says. */
export interface SteeredAttempt {
  readonly request: GenerateRequest;
  readonly context: GenerateContext;
  finish(generated: Partial<Generated>): void;
  fail(error: Error): void;
}

export interface SteeredGenerator extends Generator {
  /** The next attempt that begins, or that began and was not asked for yet. */
  attempt(): Promise<SteeredAttempt>;
}

/** A generator that does what a test tells it, attempt by attempt. */
export function steeredGenerator(name: string, media: Generator["media"] = "text"): SteeredGenerator {
  const begun: SteeredAttempt[] = [];
  const asked: ((attempt: SteeredAttempt) => void)[] = [];
  return {
    name,
    media,
    checkConfig: () => undefined,
    generate: (request, context) =>
      new Promise((resolve, reject) => {
        const attempt: SteeredAttempt = {
          request,
          context,
          finish: (generated) => resolve({ assets: [], text: null, meta: {}, ...generated }),
          fail: reject,
        };
        context.signal.addEventListener("abort", () => reject(context.signal.reason), { once: true });
        const first = asked.shift();
        if (first) first(attempt);
        else begun.push(attempt);
      }),
    attempt() {
      const first = begun.shift();
      return first ? Promise.resolve(first) : new Promise((resolve) => asked.push(resolve));
    },
  };
}

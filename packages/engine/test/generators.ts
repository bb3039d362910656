import { type GenerateRequest, type Generator, GeneratorError } from "../src/jobs/generator.ts";
import { echoGenerator } from "../src/testing/engine-kit.ts";

/** An echo that finishes nothing until `release`: its jobs stay running, or those that `holds` says. */
export function heldGenerator(
  name = "held",
  holds: (request: GenerateRequest) => boolean = () => true,
): Generator & { release(): void } {
  const held = Promise.withResolvers<void>();
  const echo = echoGenerator(name);
  return {
    ...echo,
    async generate(request, context) {
      const stopped = Promise.withResolvers<never>();
      const stop = () => stopped.reject(new GeneratorError("Stopped.", { retryable: false }));
      context.signal.addEventListener("abort", stop, { once: true });
      if (context.signal.aborted) stop();
      if (holds(request)) await Promise.race([held.promise, stopped.promise]);
      return await echo.generate(request, context);
    },
    release: () => held.resolve(),
  };
}

/** An echo that refuses for good while it is broken. */
export function brittleGenerator(name = "brittle"): Generator & { broken: boolean } {
  const echo = echoGenerator(name);
  return {
    ...echo,
    broken: true,
    async generate(request, context) {
      if (this.broken) throw new GeneratorError("The model is out of paint.", { retryable: false });
      return await echo.generate(request, context);
    },
  };
}

/** An echo that keeps what it was asked, in order. */
export function recordingGenerator(name = "recording"): Generator & { readonly requests: GenerateRequest[] } {
  const echo = echoGenerator(name);
  const requests: GenerateRequest[] = [];
  return {
    ...echo,
    requests,
    async generate(request, context) {
      requests.push(request);
      return await echo.generate(request, context);
    },
  };
}

import {
  type DeclaredGenerator,
  type GenerateContext,
  type Generator,
  GeneratorError,
  JobStopped,
} from "@sluice/engine";

/**
 * The generator, with all that it tells about its work written without what came from the environment: whoever may view
 * a run reads errors, logs and warnings, and a program or a server may repeat the key that it was called with.
 */
export function hidingSecrets({ generator, hide }: Pick<DeclaredGenerator, "generator" | "hide">): Generator {
  const { name, media, concurrency, runs } = generator;
  return {
    name,
    media,
    concurrency,
    runs,
    checkConfig(config) {
      const problem = generator.checkConfig(config);
      return problem === undefined ? undefined : hide(problem);
    },
    ...(generator.cautions && {
      cautions: (config: unknown, n: number) => generator.cautions!(config, n).map(hide),
    }),
    ...(generator.check && {
      // Its detail is hidden by the registry, for what is thrown and what is late too.
      check: (signal: AbortSignal) => generator.check!(signal),
    }),
    ...(generator.discard && {
      async discard(externalId: string, signal: AbortSignal) {
        try {
          return await generator.discard!(externalId, signal);
        } catch (error) {
          throw hidden(error, hide);
        }
      },
    }),
    async generate(request, context) {
      try {
        const made = await generator.generate(request, hidingContext(context, hide));
        return made === "later" || !made.warnings ? made : { ...made, warnings: made.warnings.map(hide) };
      } catch (error) {
        throw hidden(error, hide);
      }
    },
  };
}

function hidingContext(context: GenerateContext, hide: (text: string) => string): GenerateContext {
  return {
    ...context,
    progress: (share, message, preview) =>
      context.progress(share, message === undefined ? undefined : hide(message), preview),
    write: (textSoFar) => context.write(hide(textSoFar)),
    log: (line) => context.log(hide(line)),
  };
}

/** The same failure in words that may be shown; the error itself where it holds nothing to hide. */
function hidden(error: unknown, hide: (text: string) => string): unknown {
  if (error instanceof JobStopped) return error;
  if (!(error instanceof Error)) {
    const words = String(error);
    return hide(words) === words ? error : new Error(hide(words));
  }
  const message = hide(error.message);
  if (error instanceof GeneratorError) {
    if (message === error.message) return error;
    const { retryable, usage, cause } = error;
    return new GeneratorError(message, { retryable, usage, cause });
  }
  const stack = error.stack ?? "";
  if (message === error.message && hide(stack) === stack) return error;
  // Without the cause: an unknown error is logged whole.
  return Object.assign(new Error(message), { name: error.name, stack: hide(stack) });
}

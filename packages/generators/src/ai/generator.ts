import { type Generated, type Generator, GeneratorError } from "@sluice/engine";
import { apiFetch, patientConnections } from "./api-fetch.ts";
import { checkModel } from "./check-model.ts";
import { explainError, missingKey } from "./explain-error.ts";
import { makeImage } from "./make-image.ts";
import { baseUrl, needsKey, providerModels } from "./provider-models.ts";
import type { AiSettings } from "./settings.ts";
import { readStepSettings, requireStepSettings } from "./step-settings.ts";
import { writeText } from "./write-text.ts";

// Its warnings are kept with the candidate; by default the SDK writes them to the console.
globalThis.AI_SDK_LOG_WARNINGS = false;

/**
 * A model of a provider's, by the AI SDK. One candidate is one request: the queue tries again, not the SDK. Nothing goes
 * on elsewhere when a request ends, so an attempt that a restart cut off is begun anew.
 */
export function aiGenerator(name: string, settings: AiSettings): Generator {
  const connections = patientConnections(baseUrl(settings));
  return {
    name,
    media: settings.output === "image" ? "image" : "text",
    concurrency: settings.concurrency,
    checkConfig(value) {
      const read = readStepSettings(name, settings, value);
      return "problem" in read ? read.problem : undefined;
    },
    check: (signal) => checkModel(name, settings, signal),
    async generate(request, context): Promise<Generated> {
      const step = requireStepSettings(name, settings, request.step.config);
      if (needsKey(settings.provider) && !settings.api_key) {
        throw new GeneratorError(missingKey(name), { retryable: false });
      }
      const timeout = AbortSignal.timeout(settings.timeout * 1_000);
      // Whatever ends the call here also ends it over there: an answer that is not read would still be paid for.
      const call = new AbortController();
      const signal = AbortSignal.any([context.signal, timeout, call.signal]);
      const fetch = apiFetch({
        connections,
        signal,
        onPause(seconds) {
          context.progress(0, `${step.model} takes no more requests for ${seconds} s`);
          context.log(`Rate limit: waits ${seconds} s.`);
        },
        onResume: () => context.progress(0, `Asks ${step.model}`),
      });
      try {
        const deps = { name, settings, step, models: providerModels(settings, fetch), signal };
        return await (settings.output === "image" ? makeImage : writeText)(deps, request, context);
      } catch (error) {
        if (context.signal.aborted) throw context.signal.reason;
        if (timeout.aborted) {
          const message = `The model did not answer within ${settings.timeout} s. Raise "timeout" of the generator "${name}" if it needs longer.`;
          throw new GeneratorError(message, { retryable: true, cause: error });
        }
        throw explainError(error, { name, settings, step });
      } finally {
        call.abort();
      }
    },
  };
}

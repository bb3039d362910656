import { completed, GeneratorError, type Usage } from "@sluice/engine";
import {
  APICallError,
  DownloadError,
  InvalidArgumentError,
  InvalidPromptError,
  LoadAPIKeyError,
  NoImageGeneratedError,
  NoObjectGeneratedError,
  NoSuchModelError,
  RetryError,
  UnsupportedFunctionalityError,
} from "ai";
import { AnswerTooLarge } from "./api-fetch.ts";
import type { AiSettings } from "./settings.ts";
import type { StepSettings } from "./step-settings.ts";
import { usageOf } from "./usage.ts";

export interface ErrorContext {
  readonly name: string;
  readonly settings: AiSettings;
  readonly step: StepSettings;
}

const MAX_DETAIL = 500;
/** What the SDK says before it asks anybody. */
const notAskable = [UnsupportedFunctionalityError, InvalidPromptError, InvalidArgumentError, NoSuchModelError];

/** What went wrong and what to do, as the worker takes it; what is not known stays as it is. */
export function explainError(error: unknown, context: ErrorContext): unknown {
  if (error instanceof GeneratorError) return error;
  if (RetryError.isInstance(error)) return explainError(error.lastError, context);
  const fail = (message: string, retryable: boolean, usage?: Usage) =>
    new GeneratorError(redact(message, context.settings), { retryable, cause: error, usage });

  if (causes(error).some((cause) => cause instanceof AnswerTooLarge)) {
    return fail(
      "The provider answered with more than can be kept. Ask for less: a smaller size or max_output_tokens.",
      false,
    );
  }
  if (LoadAPIKeyError.isInstance(error)) return fail(missingKey(context.name), false);
  if (NoImageGeneratedError.isInstance(error)) return fail("The model made no image.", true);
  if (NoObjectGeneratedError.isInstance(error)) return notTheObject(error, context, fail);
  if (APICallError.isInstance(error)) return apiFailure(error, context, fail);
  if (DownloadError.isInstance(error)) {
    const message = `The image cannot be fetched from where the provider says it is: ${completed(causes(error).at(-1)?.message ?? "no reason is given")} Where it can answer with the bytes, ask it to: provider_options: { response_format: b64_json }.`;
    return fail(message, (error.statusCode ?? 0) >= 500);
  }
  if (notAskable.some((kind) => kind.isInstance(error))) {
    return fail(`The model cannot be asked for this: ${completed((error as Error).message)}`, false);
  }
  const network = causes(error).find((cause) => "code" in cause && typeof cause.code === "string");
  if (network) return fail(`The connection to ${host(context.settings)} broke: ${completed(network.message)}`, true);
  // Errors of the SDK: an answer that is not what the API promises, or a stream that ends in the middle.
  if (error instanceof Error && error.name.startsWith("AI_")) {
    return fail(`The provider's answer could not be read: ${completed(error.message)}`, true);
  }
  // An error that came within a stream has the form that the provider gives it.
  const streamed = errorText(error);
  return streamed === undefined ? error : fail(`The provider failed while it answered: ${completed(streamed)}`, true);
}

export function missingKey(name: string): string {
  return `The key is missing: set the environment variable that "api_key" of the generator "${name}" names, and restart.`;
}

export function redirected(host: string, status: number): string {
  return `${host} answered ${status}, a redirect. Sluice follows none: put the address that it leads to into "base_url".`;
}

type Fail = (message: string, retryable: boolean, usage?: Usage) => GeneratorError;

function apiFailure(error: APICallError, { settings, step, name }: ErrorContext, fail: Fail): GeneratorError {
  const detail = completed(error.message.slice(0, MAX_DETAIL));
  switch (error.statusCode) {
    case undefined:
      return error.isRetryable
        ? fail(
            `${host(settings)} cannot be reached: ${detail} Look whether it runs, and whether "base_url" is right.`,
            true,
          )
        : fail(`The request could not be made: ${detail}`, false);
    case 401:
    case 403:
      return fail(
        `${host(settings)} refused the key (${error.statusCode}): ${detail} Look at "api_key" of the generator "${name}".`,
        false,
      );
    case 404:
      return fail(
        `${host(settings)} knows no model "${step.model}", or no such path (404): ${detail} Look at "model" and "base_url" of the generator "${name}".`,
        false,
      );
    case 429:
      return isQuota(error)
        ? fail(`The account has nothing left to spend: ${detail} Add credit, then ask for the candidates anew.`, false)
        : fail(
            `${host(settings)} takes no more requests for now (429): ${detail} Lower "concurrency" if this happens often.`,
            true,
          );
    default:
      if (error.statusCode >= 300 && error.statusCode < 400) {
        return fail(redirected(host(settings), error.statusCode), false);
      }
      return error.statusCode < 300
        ? fail(`The provider's answer could not be read: ${detail}`, true)
        : fail(`${host(settings)} answered ${error.statusCode}: ${detail}`, error.isRetryable);
  }
}

function notTheObject(error: NoObjectGeneratedError, { step }: ErrorContext, fail: Fail): GeneratorError {
  const usage = usageOf(step.model, error.usage ?? {}, step.prices);
  if (error.finishReason === "length") {
    return fail("The object was cut off by max_output_tokens. Allow more, or ask for less.", false, usage);
  }
  if (error.finishReason === "content-filter")
    return fail("The provider's content filter stopped the answer.", false, usage);
  const why = causes(error.cause).at(-1)?.message ?? error.message;
  return fail(`The answer does not fit the schema: ${completed(why.slice(0, MAX_DETAIL))}`, true, usage);
}

/** OpenAI answers an empty account as it answers a rate limit. */
function isQuota({ data, responseBody }: APICallError): boolean {
  return /insufficient_quota/.test(`${JSON.stringify(data ?? null)} ${responseBody ?? ""}`);
}

function causes(error: unknown): Error[] {
  const found: Error[] = [];
  for (let current = error; current instanceof Error && !found.includes(current); current = current.cause) {
    found.push(current);
  }
  return found;
}

function errorText(error: unknown): string | undefined {
  if (typeof error === "string") return error.slice(0, MAX_DETAIL);
  if (error instanceof Error || typeof error !== "object" || error === null) return undefined;
  const inner: unknown = "error" in error && typeof error.error === "object" ? error.error : error;
  const said = inner !== null && typeof inner === "object" && "message" in inner ? inner.message : undefined;
  return (typeof said === "string" ? said : JSON.stringify(error)).slice(0, MAX_DETAIL);
}

function host({ base_url, provider }: AiSettings): string {
  return base_url ? new URL(base_url).host : provider;
}

/** Providers repeat keys in their errors, and errors are shown to everybody. */
export function redact(text: string, { api_key, headers }: AiSettings): string {
  return [api_key, ...Object.values(headers ?? {})]
    .filter((secret) => secret !== undefined && secret.length > 5)
    .reduce<string>((redacted, secret) => redacted.replaceAll(secret as string, "…"), text);
}

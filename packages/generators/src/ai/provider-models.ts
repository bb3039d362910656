import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { ImageModel, LanguageModel } from "ai";
import type { AiSettings, Provider } from "./settings.ts";

/** Where each provider's API is when no `base_url` is given. */
export const DEFAULT_BASE_URL: Readonly<Record<Exclude<Provider, "openai-compatible">, string>> = {
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
  google: "https://generativelanguage.googleapis.com/v1beta",
};

export interface ProviderModels {
  language(model: string): LanguageModel;
  /** Undefined where the provider draws nothing. */
  readonly image: ((model: string) => ImageModel) | undefined;
  /** Under which name the AI SDK looks for the provider's own options. */
  readonly optionsKey: string;
}

/** @param fetch of one call, so that what it tells can be told with the job */
export function providerModels(settings: AiSettings, fetch: typeof globalThis.fetch): ProviderModels {
  const { base_url, api_key: apiKey = "", headers = {} } = settings;
  switch (settings.provider) {
    case "openai": {
      const openai = createOpenAI({ baseURL: base_url ?? DEFAULT_BASE_URL.openai, apiKey, headers, fetch });
      return { language: (id) => openai(id), image: (id) => openai.image(id), optionsKey: "openai" };
    }
    case "anthropic": {
      const anthropic = createAnthropic({ baseURL: base_url ?? DEFAULT_BASE_URL.anthropic, apiKey, headers, fetch });
      return { language: (id) => anthropic(id), image: undefined, optionsKey: "anthropic" };
    }
    case "google": {
      const google = createGoogle({ baseURL: base_url ?? DEFAULT_BASE_URL.google, apiKey, headers, fetch });
      return { language: (id) => google(id), image: (id) => google.image(id), optionsKey: "google" };
    }
    case "openai-compatible": {
      const compatible = createOpenAICompatible({
        // Under any other name than a plain word, the SDK warns about how options are keyed.
        name: "compatible",
        baseURL: base_url ?? "",
        ...(apiKey ? { apiKey } : {}),
        headers,
        fetch,
        includeUsage: true,
        supportsStructuredOutputs: settings.structured_outputs,
      });
      return { language: (id) => compatible(id), image: (id) => compatible.imageModel(id), optionsKey: "compatible" };
    }
    default:
      return settings.provider satisfies never;
  }
}

/** Where the API is. */
export function baseUrl({ provider, base_url }: Pick<AiSettings, "provider" | "base_url">): string {
  // The settings' schema asks for it where there is no other.
  return base_url ?? (provider === "openai-compatible" ? "" : DEFAULT_BASE_URL[provider]);
}

/** Whether the provider is one that answers nobody without a key. */
export function needsKey(provider: Provider): boolean {
  return provider !== "openai-compatible";
}

import type { GeneratorHealth } from "@sluice/engine";
import { z } from "zod";
import { missingKey, redact, redirected } from "./explain-error.ts";
import { baseUrl, needsKey } from "./provider-models.ts";
import type { AiSettings } from "./settings.ts";

const LOOK_TIMEOUT_MS = 10_000;
const list = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Looks whether the API is there, takes the key and has the model, without asking a model for anything. */
export async function checkModel(name: string, settings: AiSettings, signal: AbortSignal): Promise<GeneratorHealth> {
  if (needsKey(settings.provider) && !settings.api_key) return { ok: false, detail: missingKey(name) };
  try {
    return await look(settings, AbortSignal.any([signal, AbortSignal.timeout(LOOK_TIMEOUT_MS)]));
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    const detail = `${hostOf(settings)} cannot be reached: ${why}. Look whether it runs, and whether "base_url" is right.`;
    return { ok: false, detail: redact(detail, settings) };
  }
}

async function look(settings: AiSettings, signal: AbortSignal): Promise<GeneratorHealth> {
  const { provider, model } = settings;
  // A key goes to the address that it was entered for, and nowhere else.
  const response = await fetch(address(settings), { headers: headersOf(settings), signal, redirect: "manual" });
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    return { ok: false, detail: redirected(hostOf(settings), response.status) };
  }
  if (response.status === 401 || response.status === 403) {
    await response.body?.cancel();
    return { ok: false, detail: `${hostOf(settings)} refuses the key (${response.status}). Look at "api_key".` };
  }
  if (provider !== "openai-compatible") {
    await response.body?.cancel();
    if (response.ok) return { ok: true, detail: `${hostOf(settings)} has the model "${model}".` };
    const why = response.status === 404 ? `has no model "${model}" for this key` : `answered ${response.status}`;
    return { ok: false, detail: `${hostOf(settings)} ${why}.` };
  }
  if (response.status >= 500) {
    await response.body?.cancel();
    return { ok: false, detail: `${hostOf(settings)} answered ${response.status}.` };
  }
  // Not every server has the list, and none has to.
  const listed = list.safeParse(await response.json().catch(() => null));
  if (!response.ok || !listed.success || listed.data.data.length === 0) {
    return { ok: true, detail: `${hostOf(settings)} answers; it does not say which models it has.` };
  }
  const ids = listed.data.data.map(({ id }) => id);
  if (ids.some((id) => id === model || id === `${model}:latest`)) {
    return { ok: true, detail: `${hostOf(settings)} has the model "${model}".` };
  }
  return { ok: false, detail: `${hostOf(settings)} has no model "${model}". It has ${named(ids)}.` };
}

function address(settings: AiSettings): string {
  const { provider, model } = settings;
  const base = baseUrl(settings).replace(/\/+$/, "");
  if (provider === "openai-compatible") return `${base}/models`;
  return `${base}/models/${encodeURIComponent(model.replace(/^models\//, ""))}`;
}

function headersOf({ provider, api_key = "", headers = {} }: AiSettings): Record<string, string> {
  switch (provider) {
    case "anthropic":
      return { "x-api-key": api_key, "anthropic-version": "2023-06-01", ...headers };
    case "google":
      return { "x-goog-api-key": api_key, ...headers };
    case "openai":
    case "openai-compatible":
      return { ...(api_key ? { authorization: `Bearer ${api_key}` } : {}), ...headers };
    default:
      return provider satisfies never;
  }
}

function hostOf({ base_url, provider }: AiSettings): string {
  return base_url ? new URL(base_url).host : provider;
}

function named(ids: readonly string[]): string {
  const shown = ids.slice(0, 10).map((id) => `"${id}"`);
  return ids.length > 10 ? `${shown.join(", ")} and ${ids.length - 10} more` : shown.join(", ");
}

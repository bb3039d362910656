import { defineKind, type Generator, parseDuration } from "@sluice/engine";
import { comfyClient } from "./client.ts";
import { comfyGenerator } from "./generator.ts";
import { comfyHttp } from "./http.ts";
import { loadWorkflow } from "./load-workflow.ts";
import { type ComfyuiSettings, comfyuiSettings } from "./settings.ts";
import type { Timing } from "./wait-for-end.ts";

/** `comfyui`: workflows in a ComfyUI that the operator runs. */
export const comfyuiKind = defineKind({
  kind: "comfyui",
  description: "Pictures from workflows that run in a ComfyUI.",
  settings: comfyuiSettings,
  create: (name, settings, { folder }) => comfyFromSettings(name, settings, folder),
});

/**
 * @param timing what is to be different from the settings and from what is usual
 * @throws GeneratorSettingsError
 */
export function comfyFromSettings(
  name: string,
  { url, headers, concurrency, timeout, poll_interval, workflows }: ComfyuiSettings,
  folder: string,
  timing: Partial<Timing> = {},
): Generator {
  return comfyGenerator({
    name,
    url,
    headers,
    concurrency,
    client: comfyClient(name, comfyHttp({ name, url, headers })),
    timing: {
      poll: milliseconds(poll_interval),
      lostAfter: 10_000,
      unreachableFor: 5 * 60_000,
      timeout: milliseconds(timeout),
      ...timing,
    },
    workflows: new Map(Object.entries(workflows).map(([key, settings]) => [key, loadWorkflow(folder, key, settings)])),
  });
}

/** Of a span of time that the settings' schema has checked. */
function milliseconds(duration: string | number): number {
  return parseDuration(duration)! * 1_000;
}

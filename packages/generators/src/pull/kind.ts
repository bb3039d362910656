import { defineKind, GeneratorError } from "@sluice/engine";
import { z } from "zod";
import { checkProgramConfig, concurrency, media, stepSettings } from "../outside/settings.ts";

/** `pull`: programs anywhere claim the jobs over the API. Sluice's own part of it is `claimJob` and what follows. */
export const pullKind = defineKind({
  kind: "pull",
  description: "Workers of your own, in any language and on any machine, which claim jobs over the API.",
  settings: z.strictObject({
    media: media.describe("What its workers make: image or text."),
    step_settings: stepSettings,
    concurrency,
  }),
  create: (name, { media, step_settings, concurrency }) => ({
    name,
    media,
    concurrency,
    runs: "elsewhere",
    checkConfig: (config) => checkProgramConfig(name, step_settings, config),
    generate: () =>
      Promise.reject(
        new GeneratorError(`The jobs of "${name}" are claimed by workers of its own.`, { retryable: true }),
      ),
  }),
});

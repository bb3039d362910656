import { defineKind, GeneratorSettingsError } from "@sluice/engine";
import { commandGenerator } from "./generator.ts";
import { commandSettings } from "./settings.ts";

/** `command`: a program on the worker's own machine. */
export const commandKind = defineKind({
  kind: "command",
  description: "A program on the worker's machine, run once for each candidate.",
  settings: commandSettings,
  create(name, settings, { folder, environment }) {
    const { output, media } = settings;
    if (media && output !== "json" && media !== output) {
      throw new GeneratorSettingsError(`With "output: ${output}" the program makes that, and no ${media}.`, ["media"]);
    }
    return commandGenerator({ name, settings, folder, environment });
  },
});

import { defineKind } from "@sluice/engine";
import { opencodeGenerator } from "./generator.ts";
import { opencodeSettings } from "./settings.ts";

/** Agents of a running OpenCode server, as entries of the operator's file declare them. */
export const opencodeKind = defineKind({
  kind: "opencode",
  description: "Agents that an OpenCode server runs, one session per candidate.",
  settings: opencodeSettings,
  create: (name, settings) => opencodeGenerator(name, settings),
});

import { defineKind } from "@sluice/engine";
import { httpGenerator } from "./generator.ts";
import { httpSettings } from "./settings.ts";

/** `http`: a service that jobs are sent to. */
export const httpKind = defineKind({
  kind: "http",
  description: "A service that is sent each job as a signed POST, and answers at once or later.",
  settings: httpSettings,
  create: (name, settings, { origin }) => httpGenerator({ name, settings, origin }),
});

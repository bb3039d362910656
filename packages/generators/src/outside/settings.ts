// What the kinds `command`, `http` and `pull` have in common: the work is done by a program of the operator's.

import { parseDuration } from "@sluice/engine";
import { z } from "zod";
import { readStepConfig } from "../step-config.ts";

/** A span of time, such as 90s or 10m. `seconds` reads it. */
export const duration = (key: string, example: string) =>
  z
    .union([z.string(), z.number()], { error: `"${key}" must be a span of time, such as ${example}.` })
    .refine((value) => parseDuration(value) !== undefined, {
      error: `"${key}" must be a span of time of at least a second, such as ${example}, or a number of seconds.`,
    });

/** Of a span that the settings' schema has checked. */
export function seconds(value: string | number): number {
  return parseDuration(value)!;
}

export const concurrency = z.int().min(1).max(1000).optional().describe("Jobs at a time, over all workers.");

export const media = z.enum(["image", "text"], { error: '"media" must be image or text.' });

export const stepSettings = z
  .array(z.string().min(1).max(100))
  .optional()
  .describe("Names that a step's `config` may use. Where this is left out, any: the program is given all of them.");

/** What a step of an agent brings with it. */
const AGENT_KEYS = ["agent", "systemPromptAdditions", "model", "opencodeAgent", "description"];

/** Looks whether a step's `config` has only what the program is said to know. */
export function checkProgramConfig(name: string, allowed: readonly string[] | undefined, config: unknown) {
  const shape = Object.fromEntries([...(allowed ?? []), ...AGENT_KEYS].map((key) => [key, z.json().optional()]));
  const schema = allowed ? z.strictObject(shape) : z.looseObject(shape);
  const read = readStepConfig(name, schema, config);
  return "problem" in read ? read.problem : undefined;
}

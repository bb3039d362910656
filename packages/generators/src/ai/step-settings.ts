import { GeneratorError, type Json } from "@sluice/engine";
import { z } from "zod";
import { readStepConfig } from "../step-config.ts";
import { type ObjectSchema, readObjectSchema } from "./object-schema.ts";
import { type AiSettings, type Prices, perCandidate } from "./settings.ts";

/** A step's `config`: settings of its own, and what an agent's step brings. */
const config = z.strictObject({
  model: z.string().optional(),
  ...perCandidate,
  // Of an agent's step. An agent's opencode_agent is for OpenCode: changing its generator alone must be enough.
  agent: z.string().optional(),
  description: z.string().optional(),
  systemPromptAdditions: z.string().optional(),
  opencodeAgent: z.string().optional(),
});

/** What counts for a candidate of one step. */
export interface StepSettings {
  readonly model: string;
  readonly prices: Prices | undefined;
  readonly temperature: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly size: `${number}x${number}` | undefined;
  readonly aspectRatio: `${number}:${number}` | undefined;
  readonly instructions: string | undefined;
  readonly parentImage: boolean;
  /** With output: object. */
  readonly object: ObjectSchema | null;
}

/** The step's settings over the entry's, or what is wrong with them, in words. */
export function readStepSettings(
  name: string,
  settings: AiSettings,
  value: unknown,
): { settings: StepSettings } | { problem: string } {
  const read = readStepConfig(name, config, value);
  if ("problem" in read) return read;
  const own = read.config;
  const model = own.model ?? settings.model;
  const prices = model === settings.model ? settings.prices : settings.models?.[model];
  if (model !== settings.model && !prices) {
    const known = [settings.model, ...Object.keys(settings.models ?? {})].join(", ");
    return {
      problem: `The generator "${name}" may not use the model "${model}"; it has ${known}. The operator adds others under its "models".`,
    };
  }
  let object: ObjectSchema | null = null;
  if (settings.output === "object") {
    const schema = readObjectSchema(own.schema ?? settings.schema);
    if ("problem" in schema) return { problem: `The setting "schema" of the generator "${name}" ${schema.problem}` };
    if (own.schema && hasPattern(own.schema)) {
      return {
        problem: `The setting "schema" of a step must have no "pattern": one can be made that never ends. The operator may have them in the entry of the generator "${name}".`,
      };
    }
    object = schema;
  } else if (own.schema) {
    return {
      problem: `The generator "${name}" makes no objects, so it takes no "schema". Set "output: object" for it.`,
    };
  }
  return {
    settings: {
      model,
      prices,
      temperature: own.temperature ?? settings.temperature,
      maxOutputTokens: own.max_output_tokens ?? settings.max_output_tokens,
      size: own.size ?? settings.size,
      aspectRatio: own.aspect_ratio ?? settings.aspect_ratio,
      instructions: own.instructions ?? settings.instructions,
      parentImage: own.parent_image ?? settings.parent_image ?? true,
      object,
    },
  };
}

/** @throws GeneratorError that no retry mends: the operator's file has changed since the run was created */
export function requireStepSettings(name: string, settings: AiSettings, value: Json): StepSettings {
  const read = readStepSettings(name, settings, value);
  if ("problem" in read) throw new GeneratorError(read.problem, { retryable: false });
  return read.settings;
}

/** Regular expressions are run on what the model wrote, so they are the operator's to write. */
function hasPattern(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(hasPattern);
  if (typeof schema !== "object" || schema === null) return false;
  return Object.entries(schema).some(
    ([key, value]) =>
      (key === "pattern" && typeof value === "string") || key === "patternProperties" || hasPattern(value),
  );
}

import { z } from "zod";
import { readStepConfig } from "../step-config.ts";
import { hasSlot, type LoadedWorkflow, slotsOfSteps } from "./load-workflow.ts";
import { isTextSlot, placeholdersIn, type SlotValue } from "./slots.ts";

const pixels = z
  .int({ error: "must be a whole number of pixels" })
  .min(16, "must be at least 16 pixels")
  .max(16_384, "must be at most 16384 pixels")
  .optional();
const text = z.string({ error: "must be a text" }).max(20_000, "must have at most 20000 characters").optional();

const schema = z.strictObject({
  /** Left out where there is one. */
  workflow: z.string({ error: "must be the name of a workflow" }).optional(),
  /** What the slot `prompt` is filled with; `{{prompt}}` where it is left out. */
  prompt: text,
  negative: text,
  width: pixels,
  height: pixels,
  /** Slots of the operator's own naming. */
  values: z
    .record(z.string(), z.union([z.string().max(20_000), z.number(), z.boolean()]), {
      error: "must be a mapping of texts, numbers, true and false",
    })
    .default({}),
});

/** What a step asks of a workflow. */
export interface StepSettings {
  readonly workflow: LoadedWorkflow;
  readonly prompt: string;
  readonly negative: string | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly values: Readonly<Record<string, SlotValue>>;
}

/** A step's settings, checked against the workflow that they name; or what is wrong, in sentences. */
export function readStepSettings(
  generator: string,
  workflows: ReadonlyMap<string, LoadedWorkflow>,
  config: unknown,
): { settings: StepSettings } | { problem: string } {
  const read = readStepConfig(generator, schema, config);
  if ("problem" in read) return read;
  const { workflow: name, prompt = "{{prompt}}", negative, width, height, values } = read.config;
  const names = [...workflows.keys()].map((known) => `"${known}"`).join(", ");
  if (name === undefined && workflows.size > 1) {
    return { problem: `The generator "${generator}" needs to know which "workflow" to use: ${names}.` };
  }
  const workflow = name === undefined ? [...workflows.values()][0] : workflows.get(name);
  if (!workflow) return { problem: `The generator "${generator}" has no workflow "${name}"; it has ${names}.` };
  const settings = { workflow, prompt, negative, width, height, values };
  const problems = [...unusable(settings, read.config.prompt !== undefined), ...missing(settings)];
  return problems.length === 0 ? { settings } : { problem: problems.join(" ") };
}

/** What is said, and has no place in the workflow. */
function* unusable(
  { workflow, prompt, negative, width, height, values }: StepSettings,
  ownPrompt: boolean,
): Iterable<string> {
  const given = { prompt: ownPrompt ? prompt : undefined, negative, width, height };
  for (const [slot, value] of Object.entries(given)) {
    if (value !== undefined && !hasSlot(workflow, slot)) {
      yield `The workflow "${workflow.name}" has no slot for "${slot}": bind it, or write {{${slot}}} into an input.`;
    }
  }
  const own = slotsOfSteps(workflow);
  for (const slot of Object.keys(values)) {
    if (own.includes(slot)) continue;
    const has = own.length === 0 ? "none that a step fills" : own.map((one) => `"${one}"`).join(", ");
    yield `The workflow "${workflow.name}" has no slot "${slot}" for "values"; it has ${has}.`;
  }
  for (const template of [prompt, negative ?? "", ...Object.values(values).filter((one) => typeof one === "string")]) {
    for (const slot of placeholdersIn(template)) {
      if (!isTextSlot(slot)) {
        yield `There is no {{${slot}}} for a step's settings; there is prompt, seed, notes, run.name, run.prompt, job_id and var.NAME.`;
      }
    }
  }
}

/** What the workflow asks for, and nobody says. */
function* missing({ workflow, width, height, values }: StepSettings): Iterable<string> {
  const has = (slot: string): boolean => workflow.placeholders.has(slot);
  if (has("width") && width === undefined) yield `The workflow "${workflow.name}" needs the setting "width".`;
  if (has("height") && height === undefined) yield `The workflow "${workflow.name}" needs the setting "height".`;
  for (const slot of slotsOfSteps(workflow)) {
    if (has(slot) && !Object.hasOwn(values, slot)) {
      yield `The workflow "${workflow.name}" has the slot {{${slot}}}, which Sluice does not fill by itself: say values: { ${slot}: … }.`;
    }
  }
}

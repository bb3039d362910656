import { type GenerateRequest, GeneratorError, type Json } from "@sluice/engine";
import { fillText, type SlotValue, variableOf } from "./slots.ts";
import type { StepSettings } from "./step-settings.ts";

/**
 * What fills the slots of one job.
 *
 * @param parentImage name under which ComfyUI has the parent's picture
 * @returns the value of a slot; nothing where a bound input is to keep what the workflow's file says
 * @throws GeneratorError for a variable that the run does not have
 */
export function slotValues(
  request: GenerateRequest,
  settings: StepSettings,
  parentImage: string | undefined,
): (slot: string) => SlotValue | undefined {
  const base = (slot: string): SlotValue => {
    switch (slot) {
      case "prompt":
        return promptOf(request);
      case "run.prompt":
        return request.run.prompt;
      case "run.name":
        return request.run.name;
      case "seed":
        return request.seed;
      case "notes":
        return [...request.notes, ...request.feedback.map(({ comment }) => comment)].join("\n");
      case "job_id":
        return request.jobId;
      default: {
        const variable = variableOf(slot);
        if (variable === undefined) throw new TypeError(`"${slot}" is no slot that a text may have.`);
        return variableValue(request.run.variables, variable);
      }
    }
  };
  const filled = (template: SlotValue | undefined): SlotValue | undefined =>
    typeof template === "string" ? fillText(template, base) : template;
  return (slot) => {
    switch (slot) {
      case "prompt":
        return String(filled(settings.prompt));
      case "negative":
        return settings.negative === undefined ? undefined : String(filled(settings.negative));
      case "width":
        return settings.width;
      case "height":
        return settings.height;
      case "parent_image":
        return parentImage;
      default:
        if (Object.hasOwn(settings.values, slot)) return filled(settings.values[slot]);
        // A slot of the operator's own naming that is bound, and of which the step says nothing.
        if (!slot.includes(".") && !["seed", "notes", "job_id"].includes(slot)) return undefined;
        return base(slot);
    }
  };
}

/**
 * What is to be painted: the parent's text, where the parent is a text; what the parent was painted from, where it came
 * from a text itself; else the run's prompt.
 */
export function promptOf({ run, parent }: GenerateRequest): string {
  if (parent?.text?.trim()) return parent.text;
  const meta = parent?.meta;
  if (typeof meta === "object" && meta !== null && !Array.isArray(meta)) {
    const { kind, prompt } = meta as { readonly [key: string]: Json };
    if (kind === "comfyui" && typeof prompt === "string") return prompt;
  }
  return run.prompt;
}

function variableValue(variables: Json, name: string): SlotValue {
  const value =
    typeof variables === "object" && variables !== null && !Array.isArray(variables) && Object.hasOwn(variables, name)
      ? (variables as { readonly [key: string]: Json })[name]
      : undefined;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new GeneratorError(
    value === undefined || value === null
      ? `The workflow asks for the variable "${name}", which this run does not have. Create a run with it.`
      : `The variable "${name}" goes into a workflow of ComfyUI, and has to be a text, a number, true or false.`,
    { retryable: false },
  );
}

// What a candidate has beside its picture.

import type { GenerateRequest, Json } from "@sluice/engine";
import { hasSlot, type LoadedWorkflow } from "./load-workflow.ts";
import { promptOf } from "./slot-values.ts";
import type { StepSettings } from "./step-settings.ts";
import type { Workflow } from "./workflow.ts";

/** A prompt that is longer is a text of its own, and stays with its own candidate. */
const MAX_KEPT_PROMPT = 20_000;

/**
 * What is kept with a candidate: `workflow`, `seed`, `promptId`, and, where the picture was painted from a text, that as
 * `prompt`: its children are painted from it too.
 */
export function keptMeta(request: GenerateRequest, { name }: LoadedWorkflow, promptId: string): Record<string, Json> {
  const prompt = promptOf(request);
  return {
    kind: "comfyui",
    workflow: name,
    seed: request.seed,
    promptId,
    ...(prompt !== request.run.prompt && prompt.length <= MAX_KEPT_PROMPT && { prompt }),
  };
}

/** The file of the first model that the workflow loads. */
export function modelOf(workflow: Workflow): string | undefined {
  for (const { inputs } of Object.values(workflow)) {
    const file = inputs.ckpt_name ?? inputs.unet_name;
    if (typeof file === "string") return file;
  }
  return undefined;
}

/** What the workflow could not take into account, since it has no slot for it. */
export function overlooked({ ordinal, parent }: GenerateRequest, { workflow }: StepSettings): string[] {
  const warnings: string[] = [];
  if (ordinal > 1 && !hasSlot(workflow, "seed")) {
    warnings.push(
      `The workflow "${workflow.name}" has no slot for the seed, so that siblings come out alike: bind "seed", or set n: 1.`,
    );
  }
  if (parent?.asset && !hasSlot(workflow, "parent_image")) {
    warnings.push(`The workflow "${workflow.name}" has no slot "parent_image": the parent's picture was not used.`);
  }
  return warnings;
}

import { type Generator, GeneratorError } from "@sluice/engine";
import { checkComfy } from "./check.ts";
import { hasSlot, type LoadedWorkflow } from "./load-workflow.ts";
import { type MakeDeps, makePicture } from "./make-picture.ts";
import { readStepSettings } from "./step-settings.ts";

export interface ComfyGeneratorOptions extends MakeDeps {
  readonly name: string;
  readonly concurrency: number;
  readonly workflows: ReadonlyMap<string, LoadedWorkflow>;
}

/** Pictures from workflows that run in a ComfyUI. */
export function comfyGenerator(options: ComfyGeneratorOptions): Generator {
  const { name, workflows, concurrency } = options;
  return {
    name,
    media: "image",
    concurrency,
    checkConfig(config) {
      const read = readStepSettings(name, workflows, config);
      return "problem" in read ? read.problem : undefined;
    },
    cautions(config, n) {
      const read = readStepSettings(name, workflows, config);
      if ("problem" in read || n === 1 || hasSlot(read.settings.workflow, "seed")) return [];
      return [
        `The workflow "${read.settings.workflow.name}" has no slot for the seed, so that its ${n} candidates come out alike. Bind "seed", or set n: 1.`,
      ];
    },
    async discard(externalId, signal) {
      await options.client.cancel(externalId, signal);
      return undefined;
    },
    check: (signal) => checkComfy(options, signal),
    async generate(request, context) {
      const read = readStepSettings(name, workflows, request.step.config);
      if ("problem" in read) throw new GeneratorError(read.problem, { retryable: false });
      return await makePicture(options, read.settings, request, context);
    },
  };
}

import { queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import type { Json } from "../jobs/generator.ts";
import { type PipelineDefinition, pipelineDefaults, type StepDefinition, stepDefaults } from "./definition.ts";
import { lockPipelines, storeDefinitions } from "./store-definitions.ts";

/** The examples that a new installation begins with: they need nothing but the built-in generators. */
export const examplePipelines: readonly PipelineDefinition[] = [
  {
    ...pipelineDefaults,
    name: "Posters",
    description: "Abstract posters in four steps: choose the form, vary it, colour it, finish it for print.",
    steps: [
      step("Form", "cppn", { loci: "form" }, "Finds compositions. What advances sets the form of all that follows."),
      step("Variation", "cppn", { loci: "variation" }, "Varies each form that advanced."),
      step("Colour", "cppn", { loci: "colour" }, "Keeps the form and tries other inks."),
      step("Finish", "cppn", { loci: "finish" }, "Renders in full size. What advances here are the run's winners."),
    ],
  },
  {
    ...pipelineDefaults,
    name: "Taglines",
    description: "Short lines for a product or an idea, in two steps: draft, then refine the best.",
    steps: [
      step("Draft", "grammar", { form: "tagline" }, "Writes first lines about the prompt."),
      step("Refine", "grammar", { form: "tagline" }, "Rewrites parts of each line that advanced."),
    ],
  },
];

/**
 * Adds the examples to a database that has no pipeline at all, so that an operator who wants none of them applies a
 * file of their own and never sees them.
 *
 * @returns the ids of what was added; none when there were pipelines already
 */
export async function seedPipelines(deps: EngineDeps): Promise<{ pipelineIds: number[] }> {
  return await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    await lockPipelines(tx);
    const { any } = await tx.one<{ any: boolean }>(`SELECT EXISTS (SELECT FROM pipelines) AS any`);
    return { pipelineIds: any ? [] : await storeDefinitions(tx, examplePipelines) };
  });
}

function step(
  name: string,
  generator: string,
  config: { readonly [key: string]: Json },
  description: string,
): StepDefinition {
  return {
    ...stepDefaults,
    name,
    kind: "GENERATE",
    description,
    generator,
    config,
    gate: null,
    maxChildren: null,
    topK: null,
  };
}

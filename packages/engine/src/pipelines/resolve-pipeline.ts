import type { AgentCatalog, GeneratorCatalog } from "./catalogs.ts";
import { type PipelineDefinition, pipelineDefaults } from "./definition.ts";
import type { PipelineEntry } from "./document.ts";
import { resolveStep } from "./resolve-step.ts";
import { resolveTemplates } from "./resolve-templates.ts";
import type { YamlSource } from "./yaml-source.ts";

/**
 * A pipeline with the names in it found.
 *
 * @param index of it in the document
 * @throws InvalidPipelineError
 */
export function resolvePipeline(
  entry: PipelineEntry,
  index: number,
  context: { source: YamlSource; generators: GeneratorCatalog; agents: AgentCatalog },
): PipelineDefinition {
  const path = ["pipelines", index, "steps"];
  if (entry.steps[0]?.type === "approval") {
    throw context.source.problem(
      "The first step is an approval, but nothing comes before it to approve. Put a step that generates in front of it.",
      [...path, 0],
    );
  }
  const steps = entry.steps.map((step, i) => resolveStep(step, { ...context, path: [...path, i], position: i + 1 }));
  return {
    name: entry.name,
    description: entry.description || null,
    defaultN: entry.defaults?.n ?? pipelineDefaults.defaultN,
    defaultK: entry.defaults?.k ?? pipelineDefaults.defaultK,
    ratingModel: entry.ratings === "elo" ? "ELO" : "BRADLEY_TERRY",
    maxJobs: entry.defaults?.max_jobs ?? pipelineDefaults.maxJobs,
    maxCostUsd: entry.defaults?.max_cost ?? pipelineDefaults.maxCostUsd,
    approvalTemplates: resolveTemplates(entry.approval_templates ?? [], steps, {
      source: context.source,
      path: ["pipelines", index, "approval_templates"],
    }),
    steps,
  };
}

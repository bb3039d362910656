import { type ApprovalTemplate, type PipelineDefinition, type StepDefinition, stepDefaults } from "./definition.ts";
import { spokenSeconds } from "./duration.ts";
import { policyEntry } from "./policy-entry.ts";

/** A part of a document, its keys in the order in which people write them. */
type Entry = Readonly<Record<string, unknown>>;

/**
 * A pipeline as a document writes it. What the document's defaults say anyway is left out, but for N and K, which
 * people look for.
 */
export function pipelineEntry(definition: PipelineDefinition): Entry {
  const { name, description, defaultN, defaultK, maxJobs, maxCostUsd, ratingModel, approvalTemplates, steps } =
    definition;
  return {
    name,
    ...given("description", description),
    defaults: { n: defaultN, k: defaultK, ...given("max_jobs", maxJobs), ...given("max_cost", maxCostUsd) },
    ...(ratingModel === "ELO" && { ratings: "elo" }),
    steps: steps.map(stepEntry),
    ...(approvalTemplates.length > 0 && {
      approval_templates: approvalTemplates.map((template) => templateEntry(template, steps)),
    }),
  };
}

/** The agent that an agent step refers to: its settings are the operator's, so a document only names it. */
export function agentOf({ kind, name, config }: StepDefinition): string | null {
  if (kind !== "AGENT") return null;
  return typeof config.agent === "string" ? config.agent : name;
}

function stepEntry(step: StepDefinition): Entry {
  const { name, description } = step;
  switch (step.kind) {
    case "GENERATE":
      return {
        name,
        type: "generate",
        ...given("description", description),
        generator: step.generator,
        ...(Object.keys(step.config).length > 0 && { config: step.config }),
        ...gateEntry(step),
      };
    case "AGENT": {
      const agent = agentOf(step);
      return { ...(name !== agent && { name }), agent, ...given("description", description), ...gateEntry(step) };
    }
    case "APPROVAL":
      return {
        ...(name !== "Approval" && { name }),
        type: "approval",
        ...given("description", description),
        ...gateEntry(step),
      };
    default:
      return step.kind satisfies never;
  }
}

function gateEntry({ gate, maxChildren, topK, stallAfterSeconds, failureBudget, policy }: StepDefinition): Entry {
  return {
    ...given("gate", gate?.toLowerCase()),
    ...given("n", maxChildren),
    ...given("k", topK),
    ...(stallAfterSeconds !== stepDefaults.stallAfterSeconds && { stall_after: spokenSeconds(stallAfterSeconds) }),
    ...(failureBudget !== stepDefaults.failureBudget && { failure_budget: failureBudget }),
    ...policyEntry(policy),
  };
}

function templateEntry({ name, description, steps }: ApprovalTemplate, all: readonly StepDefinition[]): Entry {
  return {
    name,
    ...given("description", description),
    steps: steps.map(({ position, topK, policy }) => {
      const named = all[position - 1]?.name;
      const unique = all.filter((each) => each.name === named).length === 1;
      return { step: unique ? named : position, ...given("k", topK), ...(policy && policyEntry(policy)) };
    }),
  };
}

function given(key: string, value: unknown): Entry {
  return value === null || value === undefined ? {} : { [key]: value };
}

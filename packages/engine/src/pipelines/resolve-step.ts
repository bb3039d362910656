import type { GatePolicy, StepKind } from "../db/rows.ts";
import type { Generator, Json } from "../jobs/generator.ts";
import { type AgentCatalog, type GeneratorCatalog, listNames } from "./catalogs.ts";
import { type StepDefinition, stepDefaults } from "./definition.ts";
import type { AgentStepEntry, ApprovalStepEntry, GenerateStepEntry, StepEntry } from "./document.ts";
import { didYouMean } from "./nearest-name.ts";
import { unknownGenerator } from "./resolve-agents.ts";
import { resolvePolicy } from "./resolve-policy.ts";
import type { SourcePath, YamlSource } from "./yaml-source.ts";

export interface StepContext {
  readonly source: YamlSource;
  /** Where the step is. */
  readonly path: SourcePath;
  /** From 1. */
  readonly position: number;
  readonly generators: GeneratorCatalog;
  readonly agents: AgentCatalog;
}

const MAX_CONFIG = 256_000;

/**
 * A step with its generator found and its config checked by it.
 *
 * @throws InvalidPipelineError for an unknown generator or agent, and for a config that the generator refuses.
 */
export function resolveStep(entry: StepEntry, context: StepContext): StepDefinition {
  switch (entry.type) {
    case "generate":
      return generateStep(entry, context);
    case "agent":
    case undefined:
      return agentStep(entry, context);
    case "approval":
      return approvalStep(entry, context);
    default:
      return entry satisfies never;
  }
}

function generateStep(entry: GenerateStepEntry, context: StepContext): StepDefinition {
  // The document came from JSON, so what is in a config is JSON.
  const config = (entry.config ?? {}) as StepDefinition["config"];
  checkConfig(entry.generator, config, context, { generator: "generator", config: "config" });
  return {
    name: entry.name,
    kind: "GENERATE",
    description: entry.description || null,
    generator: entry.generator,
    config,
    ...generating("GENERATE", entry, context),
  };
}

function agentStep(entry: AgentStepEntry, context: StepContext): StepDefinition {
  const { source, path, agents, generators } = context;
  const agent = agents.get(entry.agent);
  if (!agent) {
    const known = agents.keys().toArray();
    throw source.problem(
      `There is no agent named "${entry.agent}".${didYouMean(entry.agent, known) || ` There is: ${listNames(known)}.`}`,
      [...path, "agent"],
    );
  }
  if (!takesAgents(generators.get(agent.generator))) {
    throw source.problem(
      `The agent "${agent.name}" cannot work with the generator "${agent.generator}", which takes no instructions. Give it a generator that does, such as one of the kind ai, opencode, command, http or pull.`,
      [...path, "agent"],
    );
  }
  const config = { ...agent.config, description: entry.description ?? "" };
  checkConfig(agent.generator, config, context, { generator: "agent", config: "agent" });
  return {
    name: entry.name ?? agent.name,
    kind: "AGENT",
    description: entry.description || null,
    generator: agent.generator,
    config,
    ...generating("AGENT", entry, context),
  };
}

/** Whether what an agent's step brings is what a generator refuses, and not something else about its settings. */
function takesAgents(generator: Pick<Generator, "checkConfig"> | undefined): boolean {
  if (!generator) return true;
  const wrong = generator.checkConfig({ agent: "agent", description: "" });
  return wrong === undefined || wrong === generator.checkConfig({});
}

function approvalStep(entry: ApprovalStepEntry, context: StepContext): StepDefinition {
  const remindAfter = entry.remind_after_hours ? Math.max(1, Math.round(entry.remind_after_hours * 3_600)) : undefined;
  return {
    name: entry.name ?? "Approval",
    kind: "APPROVAL",
    description: entry.description || null,
    generator: null,
    config: {},
    gate: null,
    maxChildren: null,
    topK: entry.k ?? null,
    stallAfterSeconds: entry.stall_after ?? remindAfter ?? stepDefaults.stallAfterSeconds,
    failureBudget: stepDefaults.failureBudget,
    policy: resolvePolicy(entry, { kind: "APPROVAL", gate: null, position: context.position }, context),
  };
}

function generating(kind: StepKind, entry: GenerateStepEntry | AgentStepEntry, context: StepContext) {
  const gate = entry.gate ? (entry.gate.toUpperCase() as GatePolicy) : null;
  return {
    gate,
    maxChildren: entry.n ?? null,
    topK: entry.k ?? null,
    stallAfterSeconds: entry.stall_after ?? stepDefaults.stallAfterSeconds,
    failureBudget: entry.failure_budget ?? stepDefaults.failureBudget,
    policy: resolvePolicy(entry, { kind, gate, position: context.position }, context),
  };
}

/** @param at the step's keys to which errors about the generator, and about the config, are pinned */
function checkConfig(
  name: string,
  config: Json,
  { source, path, generators }: StepContext,
  at: { generator: string; config: string },
): void {
  const generator = generators.get(name);
  if (!generator) throw source.problem(unknownGenerator(name, generators), [...path, at.generator]);
  if (JSON.stringify(config).length > MAX_CONFIG) {
    throw source.problem("The config of a step must not be larger than 256 kB.", [...path, at.config]);
  }
  const wrong = generator.checkConfig(config);
  if (wrong !== undefined) throw source.problem(wrong, [...path, at.config]);
}

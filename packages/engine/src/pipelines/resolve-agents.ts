import type { Json } from "../jobs/generator.ts";
import { type Agent, type AgentCatalog, type GeneratorCatalog, listNames } from "./catalogs.ts";
import type { AgentEntry } from "./document.ts";
import { didYouMean } from "./nearest-name.ts";
import type { SourcePath, YamlSource } from "./yaml-source.ts";

export interface AgentContext {
  readonly source: YamlSource;
  readonly generators: GeneratorCatalog;
  /** Those that run agents of OpenCode's: for agents that name no generator. */
  readonly opencode: readonly string[];
}

/** @throws InvalidPipelineError for a name that comes twice, and for a generator that is not there. */
export function resolveAgents(entries: readonly AgentEntry[], context: AgentContext): AgentCatalog {
  const agents = new Map<string, Agent>();
  for (const [i, entry] of entries.entries()) {
    if (agents.has(entry.name)) {
      throw context.source.problem(`There are two agents named "${entry.name}". Rename one.`, ["agents", i, "name"]);
    }
    agents.set(entry.name, {
      name: entry.name,
      generator: generatorOf(entry, ["agents", i], context),
      config: {
        agent: entry.name,
        ...optional("systemPromptAdditions", entry.system_prompt_additions),
        ...optional("model", entry.default_model),
        ...optional("opencodeAgent", entry.opencode_agent),
      },
    });
  }
  return agents;
}

function generatorOf(
  entry: AgentEntry,
  path: SourcePath,
  { source, generators, opencode: [only, ...others] }: AgentContext,
): string {
  if (entry.generator) {
    if (generators.has(entry.generator)) return entry.generator;
    throw source.problem(unknownGenerator(entry.generator, generators), [...path, "generator"]);
  }
  const at = entry.opencode_agent ? [...path, "opencode_agent"] : path;
  if (only === undefined) {
    throw source.problem(
      `Agent "${entry.name}" names no "generator", and there is none of the kind opencode that could do its work. Name one, or declare { name: opencode, kind: opencode, … } under "generators".`,
      at,
    );
  }
  if (others.length === 0) return only;
  throw source.problem(
    `Agent "${entry.name}" names no "generator", and there are several of the kind opencode: ${listNames([only, ...others])}. Name one of them, or call one "opencode".`,
    at,
  );
}

export function unknownGenerator(name: string, generators: GeneratorCatalog): string {
  const known = generators.keys().toArray();
  return `There is no generator named "${name}".${didYouMean(name, known) || ` There is: ${listNames(known)}.`}`;
}

function optional(key: string, value: string | null | undefined): { [key: string]: Json } {
  return value ? { [key]: value } : {};
}

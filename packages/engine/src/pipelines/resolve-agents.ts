import type { Json } from "../jobs/generator.ts";
import { type Agent, type AgentCatalog, type GeneratorCatalog, listNames } from "./catalogs.ts";
import type { AgentEntry } from "./document.ts";
import { didYouMean } from "./nearest-name.ts";
import type { YamlSource } from "./yaml-source.ts";

/** The generator of agents that name none: the form in which `opencode_agent` is written alone. */
const OPENCODE = "opencode";

/** @throws InvalidPipelineError for a name that comes twice, and for a generator that is not there. */
export function resolveAgents(
  source: YamlSource,
  entries: readonly AgentEntry[],
  generators: GeneratorCatalog,
): AgentCatalog {
  const agents = new Map<string, Agent>();
  for (const [i, entry] of entries.entries()) {
    if (agents.has(entry.name)) {
      throw source.problem(`There are two agents named "${entry.name}". Rename one.`, ["agents", i, "name"]);
    }
    agents.set(entry.name, {
      name: entry.name,
      generator: generatorOf(source, entry, i, generators),
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

function generatorOf(source: YamlSource, entry: AgentEntry, index: number, generators: GeneratorCatalog): string {
  if (!entry.generator) {
    if (generators.has(OPENCODE)) return OPENCODE;
    throw source.problem(
      `Agent "${entry.name}" needs an OpenCode generator, which this installation does not have.`,
      entry.opencode_agent ? ["agents", index, "opencode_agent"] : ["agents", index],
    );
  }
  if (generators.has(entry.generator)) return entry.generator;
  throw source.problem(unknownGenerator(entry.generator, generators), ["agents", index, "generator"]);
}

export function unknownGenerator(name: string, generators: GeneratorCatalog): string {
  const known = generators.keys().toArray();
  return `There is no generator named "${name}".${didYouMean(name, known) || ` There is: ${listNames(known)}.`}`;
}

function optional(key: string, value: string | null | undefined): { [key: string]: Json } {
  return value ? { [key]: value } : {};
}

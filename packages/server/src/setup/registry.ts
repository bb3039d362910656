import { type AgentCatalog, fixedGenerators, type Generator, type GeneratorSource } from "@sluice/engine";
import type { CheckedHealth, OperatorFileState, SetupPort } from "@sluice/schema";
import { healthChecks } from "./health.ts";

/** The generators and agents of this process, as they are now: the operator's file may change while it runs. */
export interface Registry {
  readonly generators: GeneratorSource;
  readonly agents: () => AgentCatalog;
  /** As the operator's file says it; a built-in generator is a kind of its own. */
  kindOf(name: string): string;
  /** Looks whether what a generator needs is there, at most every 15 s. */
  check(name: string): Promise<CheckedHealth>;
  /** Null where there is no such file. */
  readonly file: () => OperatorFileState | null;
}

/** Generators that stay as they are, and no operator's file. */
export function fixedRegistry(generators: readonly Generator[], agents: AgentCatalog = new Map()): Registry {
  const source = fixedGenerators(generators);
  const look = healthChecks();
  return {
    generators: source,
    agents: () => agents,
    kindOf: (name) => name,
    check: (name) => checkByName(source, name, look),
    file: () => null,
  };
}

export async function checkByName(
  source: GeneratorSource,
  name: string,
  look: (generator: Generator) => Promise<CheckedHealth>,
): Promise<CheckedHealth> {
  const generator = source().get(name);
  if (generator) return await look(generator);
  return { ok: false, detail: `There is no generator named "${name}" here.`, checkedAt: new Date() };
}

/** What the API tells of it. */
export function setupPort(registry: Registry): SetupPort {
  return {
    generators: () =>
      [...registry.generators().values()].map(({ name, media, concurrency = null, runs = "here" }) => ({
        name,
        kind: registry.kindOf(name),
        media,
        concurrency,
        runs,
      })),
    checkGenerator: (name) => registry.check(name),
    operatorFile: () => registry.file(),
  };
}

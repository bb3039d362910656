import type { Generator } from "./generator.ts";

/** The generators that a process has, by name, as they are now: the operator's file may change while it runs. */
export type GeneratorSource = () => ReadonlyMap<string, Generator>;

/** Generators that stay as they are. */
export function fixedGenerators(generators: readonly Generator[]): GeneratorSource {
  const byName = new Map(generators.map((generator) => [generator.name, generator]));
  return () => byName;
}

/** Those whose jobs this process does itself. */
export function runHere(source: GeneratorSource): Generator[] {
  return [...source().values()].filter(({ runs }) => runs !== "elsewhere");
}

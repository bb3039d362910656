import type { Generator, Json } from "../jobs/generator.ts";

/** The generators that this installation has, by name. */
export type GeneratorCatalog = ReadonlyMap<
  string,
  Pick<Generator, "name" | "checkConfig"> & Partial<Pick<Generator, "media" | "concurrency" | "runs">>
>;

/** The agents that the operator's file declares, by name. */
export type AgentCatalog = ReadonlyMap<string, Agent>;

export interface Agent {
  readonly name: string;
  /** The generator that does its work. */
  readonly generator: string;
  /** What each of its steps gives to that generator, beside the step's own description. */
  readonly config: { readonly [key: string]: Json };
}

/** The names of a catalog as a sentence's end, such as `"cppn" and "grammar"`. */
export function listNames(names: Iterable<string>): string {
  const quoted = [...names].map((name) => `"${name}"`);
  const last = quoted.pop();
  if (last === undefined) return "none";
  return quoted.length === 0 ? last : `${quoted.join(", ")} and ${last}`;
}

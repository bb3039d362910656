import { InvalidPipelineError } from "../errors.ts";
import type { GeneratorCatalog } from "./catalogs.ts";
import { parsePipelines } from "./parse-pipelines.ts";

/** Three generators that take any config without the word "wrong". */
export const generators: GeneratorCatalog = new Map(
  ["cppn", "grammar", "opencode"].map((name) => [
    name,
    {
      name,
      checkConfig: (config) =>
        JSON.stringify(config).includes("wrong")
          ? `The setting "loci" of the generator "${name}" is wrong.`
          : undefined,
    },
  ]),
);
export const withoutOpencode: GeneratorCatalog = new Map([...generators].filter(([name]) => name !== "opencode"));

export const parse = (text: string, options: Partial<Parameters<typeof parsePipelines>[1]> = {}) =>
  parsePipelines(text, { source: "operator", generators, ...options });

/** What a document is refused with. */
export function errorOf(text: string, options?: Partial<Parameters<typeof parsePipelines>[1]>) {
  try {
    parse(text, options);
  } catch (error) {
    if (!(error instanceof InvalidPipelineError)) throw error;
    return { message: error.message, path: error.path, line: error.line };
  }
  throw new Error("This document was to be refused.");
}

/** A document of one pipeline whose steps are given; the first of them is on line 4. */
export const steps = (...lines: string[]) =>
  ["pipelines:", "  - name: p", "    steps:", ...lines.map((line) => `      ${line}`)].join("\n");
export const GENERATE = "- { type: generate, name: Form, generator: cppn }";

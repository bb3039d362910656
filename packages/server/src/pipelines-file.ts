import { readFile } from "node:fs/promises";
import { SetupError } from "@sluice/db";
import {
  type AgentCatalog,
  applyDefinitions,
  type EngineDeps,
  type Generator,
  InvalidPipelineError,
  parseDocument,
} from "@sluice/engine";

/**
 * Loads the operator's `pipelines.yaml`.
 *
 * @returns its agents, which pipelines applied over the API may use
 * @throws SetupError naming file, path and line of what is wrong in it
 */
export async function applyPipelinesFile(
  deps: EngineDeps,
  generators: readonly Generator[],
  file: string | undefined,
): Promise<AgentCatalog> {
  if (!file) return new Map();
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new SetupError(`SLUICE_PIPELINES names ${file}, which cannot be read: ${error.message}`);
  });
  try {
    const catalog = new Map(generators.map((generator) => [generator.name, generator]));
    const { pipelines, agents } = parseDocument(text, { source: "operator", generators: catalog });
    await applyDefinitions(deps, pipelines);
    return agents;
  } catch (error) {
    if (!(error instanceof InvalidPipelineError)) throw error;
    throw new SetupError(
      `${file}${error.line ? `:${error.line}` : ""}${error.path ? `, ${error.path}` : ""}: ${error.message}`,
    );
  }
}

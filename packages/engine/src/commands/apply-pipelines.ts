import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import type { AgentCatalog, GeneratorCatalog } from "../pipelines/catalogs.ts";
import type { PipelineDefinition } from "../pipelines/definition.ts";
import { parsePipelines } from "../pipelines/parse-pipelines.ts";
import { lockPipelines, storeDefinitions } from "../pipelines/store-definitions.ts";

export interface ApplyPipelinesDeps extends EngineDeps {
  /** What this installation has. */
  readonly generators: GeneratorCatalog;
  /** The agents of the operator's file, which the document may use. */
  readonly agents?: AgentCatalog | undefined;
}

/**
 * Applies pipelines that somebody sent: over generators and agents that exist, and nothing that needs the operator's
 * trust. Either all of the document is applied or nothing.
 *
 * @returns the newest version of each pipeline of the document, in its order
 * @throws ForbiddenError, InvalidPipelineError (with path and line)
 */
export async function applyPipelines(
  deps: ApplyPipelinesDeps,
  actor: Actor,
  input: { readonly yaml: string },
): Promise<{ pipelineIds: number[] }> {
  assertMay(actor, "OPERATE");
  const definitions = parsePipelines(input.yaml, { source: "api", generators: deps.generators, agents: deps.agents });
  return await applyDefinitions(deps, definitions);
}

/**
 * Makes each definition the newest version of its pipeline, all in one transaction. One that is the newest version
 * already is left as it is; runs keep the version they began with.
 *
 * @returns the id of that version of each, in the order of the definitions
 */
export async function applyDefinitions(
  deps: EngineDeps,
  definitions: readonly PipelineDefinition[],
): Promise<{ pipelineIds: number[] }> {
  return await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    await lockPipelines(tx);
    return { pipelineIds: await storeDefinitions(tx, definitions) };
  });
}

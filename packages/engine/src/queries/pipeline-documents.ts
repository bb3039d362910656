import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { loadDefinitions } from "../pipelines/load-definitions.ts";
import { pipelineYaml } from "../pipelines/pipeline-yaml.ts";

/**
 * The documents of versions of pipelines: each one applied changes nothing.
 *
 * @param pipelineIds ids of the versions; those that are not there are left out
 */
export async function pipelineDocuments(
  deps: Pick<EngineDeps, "pool">,
  pipelineIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const definitions = await loadDefinitions(queryable(deps.pool), pipelineIds);
  return new Map([...definitions].map(([id, definition]) => [id, pipelineYaml(definition)]));
}

import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { type Queryable, queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { DeclaredInFileError, StalePipelineError } from "../errors.ts";
import type { AgentCatalog, GeneratorCatalog } from "../pipelines/catalogs.ts";
import { declaredInFiles } from "../pipelines/declared-in-files.ts";
import type { PipelineDefinition } from "../pipelines/definition.ts";
import { parsePipelines } from "../pipelines/parse-pipelines.ts";
import { lockPipelines, storeDefinitions } from "../pipelines/store-definitions.ts";

export interface ApplyPipelinesDeps extends EngineDeps {
  /** What this installation has. */
  readonly generators: GeneratorCatalog;
  /** The agents of the operator's file, which the document may use. */
  readonly agents?: AgentCatalog | undefined;
}

export interface ApplyPipelinesInput {
  readonly yaml: string;
  /** What the document was made from. A pipeline that has another version by now is not replaced. */
  readonly basedOn?: readonly PipelineVersion[] | undefined;
}

export interface PipelineVersion {
  readonly name: string;
  /** From 1; 0 where there was no pipeline of that name. */
  readonly version: number;
}

/**
 * Applies pipelines that somebody sent: over generators and agents that exist, and nothing that needs the operator's
 * trust. Either all of the document is applied or nothing. What an operator's file declares, here or on another server of
 * this database, is not replaced.
 *
 * @returns the newest version of each pipeline of the document, in its order
 * @throws ForbiddenError, InvalidPipelineError (with path and line), DeclaredInFileError, StalePipelineError
 */
export async function applyPipelines(
  deps: ApplyPipelinesDeps,
  actor: Actor,
  input: ApplyPipelinesInput,
): Promise<{ pipelineIds: number[] }> {
  assertMay(actor, "OPERATE");
  const definitions = parsePipelines(input.yaml, { source: "api", generators: deps.generators, agents: deps.agents });
  return await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    await lockPipelines(tx);
    await assertNotInFile(tx, definitions);
    await assertNewest(tx, input.basedOn ?? []);
    return { pipelineIds: await storeDefinitions(tx, definitions) };
  });
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

async function assertNotInFile(tx: Queryable, definitions: readonly PipelineDefinition[]): Promise<void> {
  const declared = await declaredInFiles(tx);
  for (const { name } of definitions) {
    const file = declared.get(name);
    if (file !== undefined) throw new DeclaredInFileError(name, file);
  }
}

async function assertNewest(tx: Queryable, basedOn: readonly PipelineVersion[]): Promise<void> {
  if (basedOn.length === 0) return;
  const newest = await tx.many<PipelineVersion>(
    `SELECT name, max(version) AS version FROM pipelines WHERE name = ANY($1) GROUP BY name`,
    [basedOn.map(({ name }) => name)],
  );
  for (const { name, version } of basedOn) {
    const now = newest.find((each) => each.name === name)?.version ?? 0;
    if (now > version) throw new StalePipelineError(name, now, version);
  }
}

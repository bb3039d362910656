import { checkDatabase, migrate, startEmbeddedPostgres } from "@sluice/db";
import {
  applyOperatorFile,
  type EngineDeps,
  endForgottenFiles,
  type FollowedFile,
  migrateQueue,
  type PipelineDefinition,
  seedPipelines,
} from "@sluice/engine";
import type { Settings } from "./env.ts";
import { openPool } from "./open-pool.ts";

export interface Database extends AsyncDisposable {
  readonly url: string;
}

/** The database to use: the one that `DATABASE_URL` names, or the embedded one, started. */
export async function openDatabase(
  settings: Pick<Settings, "databaseUrl" | "dataDir">,
  log: (line: string) => void,
): Promise<Database> {
  if (!settings.databaseUrl) return await startEmbeddedPostgres({ dataDir: settings.dataDir, log });
  await checkDatabase(settings.databaseUrl);
  return { url: settings.databaseUrl, [Symbol.asyncDispose]: async () => {} };
}

/** Brings the database up to this code: its own tables, and those of the queue. */
export async function prepareDatabase(url: string, log: (line: string) => void): Promise<void> {
  await migrate({ url, log });
  const pool = openPool(url, () => {});
  try {
    await migrateQueue(pool);
  } finally {
    await pool.end();
  }
}

/** Applies the operator's pipelines; an installation without any gets the examples. */
export async function preparePipelines(
  url: string,
  { file, pipelines }: { readonly file: FollowedFile | undefined; readonly pipelines: readonly PipelineDefinition[] },
  log: (line: string) => void,
): Promise<void> {
  const pool = openPool(url, () => {});
  try {
    const deps: EngineDeps = { pool, gates: "on", wake: () => {} };
    await endForgottenFiles(deps);
    if (file) await applyOperatorFile(deps, file, pipelines);
    const { pipelineIds } = await seedPipelines(deps);
    if (pipelineIds.length > 0) log("Two example pipelines are there: Posters and Taglines.");
  } finally {
    await pool.end();
  }
}

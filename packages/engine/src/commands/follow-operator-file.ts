import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { type Queryable, queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import type { PipelineDefinition } from "../pipelines/definition.ts";
import { lockPipelines, storeDefinitions } from "../pipelines/store-definitions.ts";

/** The operator's file as this process follows it. */
export interface FollowedFile {
  /** Of this process: two that follow the same file each speak for themselves. */
  readonly id: string;
  /** Without its folder. */
  readonly name: string;
}

/** How long the pipelines are the file's after its server was heard of last: longer than a restart takes. */
const LEASE_SECONDS = 120;
const KEEP_MS = 30_000;

/** @param path of the file */
export function followedFile(path: string): FollowedFile {
  return { id: randomUUID(), name: basename(path) };
}

/**
 * Makes what the file says the newest versions of its pipelines, and them the file's own: nobody replaces them over the
 * API. What it declared before and does not declare any more is anybody's again.
 */
export async function applyOperatorFile(
  deps: EngineDeps,
  file: FollowedFile,
  definitions: readonly PipelineDefinition[],
): Promise<void> {
  await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    await lockPipelines(tx);
    await declare(
      tx,
      file,
      definitions.map(({ name }) => name),
      "pipelines = excluded.pipelines, stopped = false,",
    );
    await storeDefinitions(tx, definitions);
  });
}

/**
 * Keeps the file's pipelines its own until it is disposed of. After that they are so for a while yet, in which the
 * next server starts.
 *
 * @param pipelines the names that the file declares now
 */
export function keepOperatorFile(
  deps: EngineDeps,
  file: FollowedFile,
  { pipelines, onError }: { readonly pipelines: () => readonly string[]; readonly onError: (error: unknown) => void },
): AsyncDisposable {
  const db = queryable(deps.pool);
  let keeping: Promise<void> | undefined;
  const timer = setInterval(() => {
    // With the names, since others may have taken this server for gone while the database was away.
    keeping ??= declare(db, file, pipelines(), "")
      .catch(onError)
      .finally(() => {
        keeping = undefined;
      });
  }, KEEP_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await keeping;
      await db.query(`UPDATE operator_files SET stopped = true WHERE id = $1`, [file.id]).catch(onError);
    },
  };
}

/**
 * Sets free what belonged to the file of a server that was stopped, or was not heard of for long. Whoever starts a
 * server does it before the server's own file is applied: where there is none any more, its pipelines are anybody's.
 */
export async function endForgottenFiles(deps: EngineDeps): Promise<void> {
  await queryable(deps.pool).query(`DELETE FROM operator_files WHERE stopped OR expires_at <= now()`);
}

/** @param changes what else becomes of a row that is there */
async function declare(db: Queryable, file: FollowedFile, names: readonly string[], changes: string): Promise<void> {
  await db.query(
    `INSERT INTO operator_files (id, name, pipelines, expires_at)
     VALUES ($1, $2, $3, now() + make_interval(secs => $4))
     ON CONFLICT (id) DO UPDATE SET ${changes} expires_at = excluded.expires_at`,
    [file.id, file.name, names, LEASE_SECONDS],
  );
}

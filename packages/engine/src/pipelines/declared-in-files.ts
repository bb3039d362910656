import type { Queryable } from "../db/queryable.ts";

/**
 * The pipelines that belong to an operator's file, whichever server of this database follows it. A server that was
 * stopped has them still, for a while: another takes its place.
 *
 * @returns the file's name, without its folder, by the pipeline's
 */
export async function declaredInFiles(db: Queryable): Promise<ReadonlyMap<string, string>> {
  const rows = await db.many<{ pipeline: string; file: string }>(
    `SELECT DISTINCT ON (pipeline) pipeline, name AS file
     FROM operator_files, unnest(pipelines) AS pipeline WHERE expires_at > now() ORDER BY pipeline, name`,
  );
  return new Map(rows.map(({ pipeline, file }) => [pipeline, file]));
}

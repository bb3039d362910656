import { queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import type { AssetStore } from "./asset-store.ts";

/** What was uploaded and is in no candidate is kept for so long: an import may be to come. */
export const UNUSED_ASSET_HOURS = 24;

/** In one transaction. */
const AT_ONCE = 200;

/**
 * Deletes assets that no candidate has, a day after they were uploaded last.
 *
 * The rows go first, under their locks. An import locks those that it names, so it comes wholly before, and the asset is
 * in use; or wholly after, and hears that it is not there. The file goes after the commit, and only where nobody has
 * sent the same bytes since: a kill in between leaves a file that the next upload of it takes over.
 *
 * @returns how many were deleted
 */
export async function deleteUnusedAssets(
  deps: EngineDeps,
  assets: Pick<AssetStore, "discard">,
  hours: number = UNUSED_ASSET_HOURS,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const gone = await withTransaction(deps, async (client) => {
      const db = queryable(client);
      const unused = await db.many<{ sha256: string }>(
        `SELECT sha256 FROM assets a
         WHERE created_at < now() - make_interval(hours => $1)
           AND NOT EXISTS (SELECT 1 FROM candidate_assets c WHERE c.sha256 = a.sha256)
         ORDER BY sha256 LIMIT $2 FOR UPDATE SKIP LOCKED`,
        [hours, AT_ONCE],
      );
      // A statement of its own sees what was imported until the locks were had.
      return await db.many<{ sha256: string; before: Date }>(
        `DELETE FROM assets a WHERE sha256 = ANY($1)
           AND NOT EXISTS (SELECT 1 FROM candidate_assets c WHERE c.sha256 = a.sha256)
         RETURNING sha256, now() - make_interval(hours => $2) AS before`,
        [unused.map(({ sha256 }) => sha256), hours],
      );
    });
    for (const { sha256, before } of gone) await assets.discard(sha256, before);
    deleted += gone.length;
    if (gone.length < AT_ONCE) return deleted;
  }
}

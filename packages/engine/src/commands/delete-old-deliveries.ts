import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";

/** In one transaction. */
const AT_ONCE = 500;

/**
 * Deletes deliveries that ended long ago, whether they arrived, were given up or were cancelled, with the log of their
 * attempts. One that was sent again stays for as long as what repeats it does. Runs anywhere, in several processes at once.
 *
 * @param days since they ended
 * @param signal ends it after what is being deleted
 * @returns how many were deleted
 */
export async function deleteOldDeliveries(deps: EngineDeps, days: number, signal?: AbortSignal): Promise<number> {
  const db = queryable(deps.pool);
  let deleted = 0;
  while (!signal?.aborted) {
    const gone = await db.query(
      `WITH old AS (
         SELECT d.id FROM deliveries d
         WHERE d.status <> 'PENDING' AND d.ended_at < now() - make_interval(days => $1)
           AND NOT EXISTS (SELECT 1 FROM deliveries again WHERE again.replay_of_id = d.id)
         ORDER BY d.ended_at LIMIT $2 FOR UPDATE SKIP LOCKED
       )
       DELETE FROM deliveries d USING old WHERE d.id = old.id`,
      [days, AT_ONCE],
    );
    deleted += gone;
    // Not below a full batch: without what repeated them, others may go now.
    if (gone === 0) break;
  }
  return deleted;
}

import type { Queryable } from "../db/queryable.ts";
import { NotFoundError } from "../errors.ts";

/** @throws NotFoundError where there is none, or it was deleted */
export async function findWebhook(
  tx: Queryable,
  webhookId: number,
): Promise<{ readonly id: number; readonly url: string; readonly enabled: boolean }> {
  const found = await tx.maybe<{ id: number; url: string; enabled: boolean }>(
    `SELECT id, url, enabled FROM webhooks WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE`,
    [webhookId],
  );
  if (!found) throw new NotFoundError("There is no such webhook.");
  return found;
}

import { may } from "../access.ts";
import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { ForbiddenError, NotFoundError } from "../errors.ts";

/**
 * Takes a decision link back. One that was used, has expired or was taken back before stays as it is.
 *
 * @throws NotFoundError, ForbiddenError for another's link, unless an owner asks
 */
export async function revokeDecisionLink(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly linkId: number },
): Promise<{ linkId: number }> {
  const db = queryable(deps.pool);
  const link = await db.maybe<{ actorId: number }>(`SELECT actor_id AS "actorId" FROM decision_links WHERE id = $1`, [
    input.linkId,
  ]);
  if (!link) throw new NotFoundError("There is no such link.");
  if (link.actorId !== actor.id && !may(actor, "OWN")) {
    throw new ForbiddenError("This link is somebody else's. An owner can take it back.");
  }
  await db.query(
    `UPDATE decision_links SET revoked_at = now() WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL`,
    [input.linkId],
  );
  return { linkId: input.linkId };
}

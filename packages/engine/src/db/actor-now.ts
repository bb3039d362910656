import type { Actor, Role } from "../actor.ts";
import { ForbiddenError } from "../errors.ts";
import type { Queryable } from "./queryable.ts";

/**
 * Somebody as they are now: whoever was authenticated a moment ago may have another role since, and what a policy
 * names people by is not part of every request. An address that they wrote for themselves is none that policies go by.
 *
 * @throws ForbiddenError when they are deactivated, or gone
 */
export async function actorNow(db: Pick<Queryable, "maybe">, actor: Actor): Promise<Actor> {
  const now = await db.maybe<{ name: string; role: Role; email: string | null }>(
    `SELECT name, role, CASE WHEN email_verified THEN email END AS email FROM actors WHERE id = $1 AND deactivated_at IS NULL`,
    [actor.id],
  );
  if (!now) throw new ForbiddenError(`${actor.name} may not do anything here any more. An owner can change it.`);
  return { ...actor, ...now };
}

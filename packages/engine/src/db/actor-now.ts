import type { Actor, ActorKind, ActorNow, Role } from "../actor.ts";
import { ForbiddenError } from "../errors.ts";
import { policyPerson } from "./policy-person.ts";
import type { Queryable } from "./queryable.ts";

/**
 * Somebody as they are now: whoever was authenticated a moment ago may have another role since, and what a policy
 * names people by is not part of every request.
 *
 * @throws ForbiddenError when they are deactivated, or gone
 */
export async function actorNow(db: Pick<Queryable, "maybe">, actor: Actor): Promise<ActorNow> {
  const now = await db.maybe<{ name: string; role: Role; kind: ActorKind; email: string | null }>(
    `SELECT ${policyPerson("a")} FROM actors a WHERE a.id = $1 AND a.deactivated_at IS NULL`,
    [actor.id],
  );
  if (!now) throw new ForbiddenError(`${actor.name} may not do anything here any more. An owner can change it.`);
  return { ...actor, ...now };
}

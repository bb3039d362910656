import {
  type Actor,
  assertMay,
  InvalidInputError,
  LastOwnerError,
  NotFoundError,
  nameKey,
  type Queryable,
  type Role,
} from "@sluice/engine";
import { explainTaken } from "./actors.ts";
import { REVOKE_OPEN } from "./invitations.ts";
import { ADMIN_NAME, checkName } from "./names.ts";

/** Whoever is an owner, locked until the statement's transaction ends; and who of them has a way to come in. */
const OWNERS = `owners AS MATERIALIZED (
  SELECT id FROM actors
  WHERE role = 'OWNER' AND kind = 'PERSON' AND deactivated_at IS NULL
  ORDER BY id FOR UPDATE
), able AS (
  SELECT id FROM owners o
  WHERE EXISTS (SELECT 1 FROM sessions s WHERE s.actor_id = o.id AND s.expires_at > now())
     OR EXISTS (SELECT 1 FROM accounts c JOIN actors a ON a.id = c.actor_id
                WHERE c.actor_id = o.id AND c.password IS NOT NULL AND a.email IS NOT NULL)
     OR EXISTS (SELECT 1 FROM verifications v WHERE v.value = o.id::text AND v.expires_at > now())
)`;
/** Of two owners who demote each other, the second waits for the first and then finds itself the last. */
const ANOTHER_OWNER = `(NOT EXISTS (SELECT 1 FROM owners WHERE id = $1) OR EXISTS (SELECT 1 FROM able WHERE id <> $1))`;

/**
 * Gives somebody another role. What they have open ends, and opens again with the new rights. Whom they invited as an
 * owner and who has not come yet, comes no more.
 *
 * @throws ForbiddenError, NotFoundError, InvalidInputError; LastOwnerError where nobody else could give roles
 */
export async function changeRole(
  db: Queryable,
  actor: Actor,
  { actorId, role }: { readonly actorId: number; readonly role: Role },
): Promise<{ actorId: number }> {
  assertMay(actor, "OWN");
  await assertChangeable(db, actorId);
  const changed = await db.query(
    `WITH ${OWNERS}, changed AS (
       UPDATE actors SET role = $2::role, updated_at = now()
       WHERE id = $1 AND ($2::role = 'OWNER' OR ${ANOTHER_OWNER}) RETURNING id, role
     ), uninvited AS (${REVOKE_OPEN} AND invited_by_id IN (SELECT id FROM changed WHERE role <> 'OWNER'))
     SELECT id FROM changed`,
    [actorId, role],
  );
  if (changed === 0) throw new LastOwnerError();
  return { actorId };
}

/**
 * Gives somebody another name, under which their decisions are shown from then on.
 *
 * @throws ForbiddenError, NotFoundError; InvalidInputError for a name that cannot be one, or that somebody has
 */
export async function renamePerson(
  db: Queryable,
  actor: Actor,
  { actorId, name }: { readonly actorId: number; readonly name: string },
): Promise<{ actorId: number }> {
  assertMay(actor, "OWN");
  const checked = checkName(name);
  await assertChangeable(db, actorId);
  try {
    await db.query(
      `WITH ${keepFormerName(2)}
       UPDATE actors SET name = $2, name_key = $3, updated_at = now() WHERE id = $1`,
      [actorId, checked, nameKey(checked)],
    );
  } catch (error) {
    throw explainTaken(error, { isOwner: true });
  }
  return { actorId };
}

/**
 * Vouches for an address that somebody wrote for themselves: policies that name it mean them from then on.
 *
 * @throws ForbiddenError; NotFoundError also where they have none
 */
export async function confirmEmail(
  db: Queryable,
  actor: Actor,
  { actorId, email }: { readonly actorId: number; readonly email: string },
): Promise<{ actorId: number }> {
  assertMay(actor, "OWN");
  // PostgreSQL has no text with a null character in it, so nobody has such an address.
  const confirmed = email.includes("\0")
    ? 0
    : await db.query(`UPDATE actors SET email_verified = true, updated_at = now() WHERE id = $1 AND email = $2`, [
        actorId,
        email.trim().toLowerCase(),
      ]);
  if (confirmed === 0) throw new NotFoundError("They do not have this address, or no longer. Look again.");
  return { actorId };
}

/**
 * Takes every right from somebody, for as long as they are not reactivated: their sessions end, their keys stop
 * working, and whom they invited comes no more. What they decided stays theirs.
 *
 * @throws ForbiddenError, NotFoundError, InvalidInputError; LastOwnerError where nobody else could give roles
 */
export async function deactivatePerson(db: Queryable, actor: Actor, actorId: number): Promise<{ actorId: number }> {
  assertMay(actor, "OWN");
  await assertChangeable(db, actorId);
  const changed = await db.query(
    `WITH ${OWNERS}, ended AS (
       UPDATE actors SET deactivated_at = coalesce(deactivated_at, now()), updated_at = now()
       WHERE id = $1 AND ${ANOTHER_OWNER} RETURNING id
     ), signed_out AS (DELETE FROM sessions WHERE actor_id IN (SELECT id FROM ended)),
     uninvited AS (${REVOKE_OPEN} AND invited_by_id IN (SELECT id FROM ended))
     SELECT id FROM ended`,
    [actorId],
  );
  if (changed === 0) throw new LastOwnerError();
  return { actorId };
}

/**
 * Gives somebody their rights back. Their keys work again; they sign in anew.
 *
 * @throws ForbiddenError, NotFoundError
 */
export async function reactivatePerson(db: Queryable, actor: Actor, actorId: number): Promise<{ actorId: number }> {
  assertMay(actor, "OWN");
  const changed = await db.query(`UPDATE actors SET deactivated_at = NULL, updated_at = now() WHERE id = $1`, [
    actorId,
  ]);
  if (changed === 0) throw nobody();
  return { actorId };
}

/** The part of a statement that remembers what the actor `$1` was called, where `$parameter` is another name. */
export function keepFormerName(parameter: number): string {
  return `former AS (
    INSERT INTO former_names (name_key, actor_id)
    SELECT coalesce(name_key, lower(name)), id FROM actors WHERE id = $1 AND name <> $${parameter}
    ON CONFLICT DO NOTHING
  )`;
}

async function assertChangeable(db: Queryable, actorId: number): Promise<void> {
  const found = await db.maybe<{ name: string }>(`SELECT name FROM actors WHERE id = $1`, [actorId]);
  if (!found) throw nobody();
  if (found.name === ADMIN_NAME)
    throw new InvalidInputError("This is SLUICE_ADMIN_TOKEN. What ends its rights is to start Sluice without it.");
}

function nobody(): NotFoundError {
  return new NotFoundError("There is no such person.");
}

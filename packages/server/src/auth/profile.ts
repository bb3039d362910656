import { type Actor, assertMay, ForbiddenError, InvalidInputError, may, nameKey, type Queryable } from "@sluice/engine";
import { checkEmail, explainTaken } from "./actors.ts";
import type { AttemptLimit } from "./attempt-limit.ts";
import type { Auth } from "./better-auth.ts";
import { ADMIN_NAME, checkName } from "./names.ts";
import { checkPassword, hashPassword, insertPassword, passwordIs } from "./passwords.ts";
import { keepFormerName } from "./people.ts";
import { type SignInTurns, TRY_AGAIN } from "./sign-in-turns.ts";

export interface ProfileDeps {
  readonly auth: Auth;
  /** Passwords are hashed in the same turns as those of sign-ins. */
  readonly turns: SignInTurns;
  readonly db: Queryable;
  readonly attempts: AttemptLimit;
}

export interface ProfileChange {
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly password?: string | null | undefined;
  /** What the password is now; needed to change it, or the email address. */
  readonly currentPassword?: string | null | undefined;
  readonly emailNotifications?: boolean | null | undefined;
}

/**
 * Changes what somebody is known by and signs in with. What is left out stays. A new password ends their other sessions,
 * and sign-in links of theirs that are not used yet.
 *
 * @param sessionId by which they came; null where they came with a key
 * @throws ForbiddenError where a key asks for what only a signed-in person may; InvalidInputError
 */
export async function updateProfile(
  deps: ProfileDeps,
  actor: Actor & { readonly sessionId?: number | null },
  change: ProfileChange,
): Promise<{ actorId: number }> {
  if (!change.password && !change.email?.trim()) return await changeProfile(deps, actor, change);
  const changed = await deps.turns.take(`actor ${actor.id}`, () => changeProfile(deps, actor, change));
  if (changed) return changed;
  throw new InvalidInputError(TRY_AGAIN);
}

async function changeProfile(
  deps: ProfileDeps,
  actor: Actor & { readonly sessionId?: number | null },
  change: ProfileChange,
): Promise<{ actorId: number }> {
  assertMay(actor, "VIEW");
  if (actor.scopes !== null || actor.name === ADMIN_NAME)
    throw new ForbiddenError("Sign in to change your profile: this key may not.");
  const email = change.email?.trim() ? checkEmail(change.email) : null;
  const name = change.name?.trim() ? checkName(change.name) : null;
  if (name !== null && name !== actor.name) assertMayRename(actor);
  const password = change.password || null;
  if (password !== null || email !== null) await assertThemselves(deps, actor, change.currentPassword ?? "");
  if (password !== null) {
    const known = await deps.db.one<{ email: string | null }>(`SELECT email FROM actors WHERE id = $1`, [actor.id]);
    checkPassword(password, { name: name ?? actor.name, email: email ?? known.email });
  }
  const hash = password === null ? null : await hashPassword(deps.auth, password);
  try {
    await deps.db.query(
      `WITH ${keepFormerName(2)}, person AS (
         UPDATE actors SET name = coalesce($2, name), name_key = coalesce($8, name_key), email = coalesce($3, email),
           email_verified = CASE WHEN $3::text IS NULL OR $3 = email THEN email_verified ELSE $7 END,
           email_notifications = coalesce($4, email_notifications), updated_at = now()
         WHERE id = $1 RETURNING id
       ), changed AS (SELECT id FROM person WHERE $5::text IS NOT NULL),
       account AS (${insertPassword("changed", 5)}),
       signed_out AS (DELETE FROM sessions WHERE actor_id IN (SELECT id FROM changed) AND id IS DISTINCT FROM $6),
       links AS (DELETE FROM verifications WHERE value IN (SELECT id::text FROM changed))
       SELECT id FROM person`,
      [
        actor.id,
        name,
        email,
        change.emailNotifications ?? null,
        hash,
        actor.sessionId ?? null,
        may(actor, "OWN"),
        name && nameKey(name),
      ],
    );
  } catch (error) {
    throw explainTaken(error, { isOwner: may(actor, "OWN") });
  }
  return { actorId: actor.id };
}

/** Policies say by name who may decide, so that nobody may take the name of whom they like. */
function assertMayRename(actor: Actor): void {
  if (may(actor, "OWN")) return;
  throw new ForbiddenError("An owner can change your name: decisions and policies go by it.");
}

/** A browser that was left open, or a key that leaked, must not be enough to take somebody's sign-in from them. */
async function assertThemselves(
  { auth, db, attempts }: ProfileDeps,
  { id, sessionId }: Actor & { readonly sessionId?: number | null },
  currentPassword: string,
): Promise<void> {
  if (!sessionId) throw new ForbiddenError("Sign in to change how you sign in: a key may not.");
  // Whoever has just come by a link may have forgotten theirs.
  const fresh = await db.maybe(
    `SELECT 1 FROM sessions WHERE id = $1 AND by_link AND created_at > now() - interval '1 hour'`,
    [sessionId],
  );
  if (fresh) return;
  const attempt = attempts.begin([`profile ${id}`]);
  if (!attempt.allowed)
    throw new InvalidInputError(
      "Too many wrong passwords. Wait a quarter of an hour, then try again.",
      "currentPassword",
    );
  if ((await passwordIs({ auth, db }, id, currentPassword)) === false)
    throw new InvalidInputError("This is not your current password.", "currentPassword");
  attempt.succeeded();
}

import { createHash, randomBytes } from "node:crypto";
import {
  type Actor,
  assertMay,
  InvalidInputError,
  NotFoundError,
  nameKey,
  type Queryable,
  type Role,
} from "@sluice/engine";
import { checkEmail, explainTaken } from "./actors.ts";
import type { Auth } from "./better-auth.ts";
import { ADMIN_NAME, assertNobodyMeant, checkName } from "./names.ts";
import { checkPassword, hashPassword, insertPassword } from "./passwords.ts";

const INVITATION_DAYS = 7;

/** Whoever has the link of one may become a person, once. */
const OPEN = `accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()`;

/** A statement that goes on with whose they are. */
export const REVOKE_OPEN = `UPDATE invitations SET revoked_at = now() WHERE ${OPEN}`;

/** Of the actor `a`, who invited: what an invitation gives is given by somebody who still may. */
const MAY_INVITE = `a.deactivated_at IS NULL AND (a.role = 'OWNER' OR a.name = '${ADMIN_NAME}')`;

export interface NewInvitation {
  readonly role: Role;
  /** Theirs, where it is known: what an owner writes here the invited cannot change. */
  readonly email?: string | null | undefined;
  readonly name?: string | null | undefined;
}

export interface OpenInvitation {
  readonly role: Role;
  readonly email: string | null;
  readonly name: string | null;
  readonly invitedBy: string | null;
}

/**
 * Makes an invitation.
 *
 * @returns its token, which is shown now and never again: only its SHA-256 is kept
 * @throws ForbiddenError, InvalidInputError
 */
export async function invite(
  db: Queryable,
  actor: Actor,
  input: NewInvitation,
): Promise<{ invitationId: number; token: string; email: string | null }> {
  assertMay(actor, "OWN");
  const email = input.email?.trim() ? checkEmail(input.email) : null;
  const name = input.name?.trim() ? checkName(input.name) : null;
  const taken = await db.maybe<{ field: "name" | "email" }>(
    `SELECT CASE WHEN name = $1 OR name_key = $2 THEN 'name' ELSE 'email' END AS field FROM actors
     WHERE name = $1 OR name_key = $2 OR (email = $3 AND email_verified) LIMIT 1`,
    [name, name && nameKey(name), email],
  );
  if (taken)
    throw new InvalidInputError(
      `Somebody here has this ${taken.field === "name" ? "name" : "email address"}.`,
      taken.field,
    );
  const invited = await db.maybe<{ field: "name" | "email" }>(
    `SELECT CASE WHEN lower(name) = lower($1) THEN 'name' ELSE 'email' END AS field FROM invitations
     WHERE (lower(name) = lower($1) OR email = $2) AND ${OPEN} LIMIT 1`,
    [name, email],
  );
  if (invited)
    throw new InvalidInputError(
      `There is an open invitation for this ${invited.field === "name" ? "name" : "email address"}. Revoke it first, or let them use it.`,
      invited.field,
    );
  const token = `sli_${randomBytes(32).toString("base64url")}`;
  const { id } = await db.one<{ id: number }>(
    `INSERT INTO invitations (secret_hash, role, email, name, invited_by_id, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + interval '${INVITATION_DAYS} days') RETURNING id`,
    [hashOf(token), input.role, email, name, actor.id],
  );
  return { invitationId: id, token, email };
}

/** @throws ForbiddenError; NotFoundError when it is not open any more */
export async function revokeInvitation(
  db: Queryable,
  actor: Actor,
  invitationId: number,
): Promise<{ invitationId: number }> {
  assertMay(actor, "OWN");
  const revoked = await db.query(`${REVOKE_OPEN} AND id = $1`, [invitationId]);
  if (revoked === 0)
    throw new NotFoundError("There is no such open invitation. It may be accepted, revoked or expired.");
  return { invitationId };
}

/** What a link is good for; null when it no longer is. Changes nothing. */
export async function openInvitation(db: Queryable, token: string): Promise<OpenInvitation | null> {
  const found = await db.maybe<OpenInvitation>(
    `SELECT i.role, i.email, i.name, a.name AS "invitedBy"
     FROM invitations i JOIN actors a ON a.id = i.invited_by_id
     WHERE i.secret_hash = $1 AND ${OPEN} AND ${MAY_INVITE}`,
    [hashOf(token)],
  );
  return found ?? null;
}

/**
 * Makes whoever was invited a person who can sign in. The name and the address that the invitation says are theirs, and
 * an address that an owner wrote counts as verified: whoever only claimed it has it no more. In one statement: of several
 * with the same link one comes in, and an invitation is never used up without a person.
 *
 * @returns the email address to sign in with; null when the invitation is not open any more
 * @throws InvalidInputError for a name, address or password that cannot be one, or that somebody has; and for a name of
 *   their own choice that means somebody
 */
export async function acceptInvitation(
  { auth, db }: { readonly auth: Auth; readonly db: Queryable },
  token: string,
  input: { readonly name: string; readonly email: string; readonly password: string },
): Promise<{ email: string } | null> {
  const invitation = await openInvitation(db, token);
  if (!invitation) return null;
  const name = invitation.name ?? checkName(input.name);
  const email = invitation.email ?? checkEmail(input.email);
  checkPassword(input.password, { name, email });
  if (invitation.name === null) await assertNobodyMeant(db, name);
  const hash = await hashPassword(auth, input.password);
  try {
    const person = await db.maybe(ACCEPT, [hashOf(token), name, email, hash, nameKey(name)]);
    return person ? { email } : null;
  } catch (error) {
    throw forInvited(explainTaken(error, { isOwner: false }), invitation);
  }
}

/** What an invitation says cannot be changed at its page: where somebody has it by now, only another one helps. */
function forInvited(error: unknown, { name, email }: OpenInvitation): unknown {
  if (!(error instanceof InvalidInputError)) return error;
  const taken = error.field === "name" ? name && "name" : email && "email address";
  if (!taken) return error;
  return new InvalidInputError(
    `Somebody here has the ${taken} of this invitation by now. Ask whoever invited you for a new one; if it was you who joined, sign in.`,
    error.field,
  );
}

/** Locks who invited before the invitation, in the order in which they lose both. */
const ACCEPT = `
  WITH inviter AS MATERIALIZED (
    SELECT a.id FROM actors a
    WHERE a.id = (SELECT invited_by_id FROM invitations WHERE secret_hash = $1) AND ${MAY_INVITE} FOR SHARE
  ), invitation AS MATERIALIZED (
    SELECT id, role, email FROM invitations
    WHERE secret_hash = $1 AND ${OPEN} AND invited_by_id = (SELECT id FROM inviter) FOR UPDATE
  ), freed AS (
    UPDATE actors SET email = NULL, updated_at = now()
    WHERE email = (SELECT email FROM invitation) AND NOT email_verified RETURNING id
  ), person AS (
    INSERT INTO actors (name, name_key, email, email_verified, role, kind)
    SELECT $2, $5, $3, email IS NOT NULL, role, 'PERSON' FROM invitation
    WHERE (SELECT count(*) FROM freed) >= 0 -- so that the address is free by then
    RETURNING id
  ), account AS (${insertPassword("person", 4)}),
  used AS (
    UPDATE invitations SET accepted_at = now(), accepted_by_id = (SELECT id FROM person)
    WHERE id = (SELECT id FROM invitation)
  )
  SELECT id FROM person`;

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

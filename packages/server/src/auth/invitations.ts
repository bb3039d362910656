import { createHash, randomBytes } from "node:crypto";
import { type Actor, assertMay, InvalidInputError, NotFoundError, type Queryable, type Role } from "@sluice/engine";
import { checkEmail, checkName, explainTaken } from "./actors.ts";
import type { Auth } from "./better-auth.ts";
import { checkPassword, hashPassword, insertPassword } from "./passwords.ts";

const INVITATION_DAYS = 7;

/** Whoever has the link of one may become a person, once. */
const OPEN = `accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()`;

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
    `SELECT CASE WHEN name = $1 THEN 'name' ELSE 'email' END AS field FROM actors WHERE name = $1 OR email = $2 LIMIT 1`,
    [name, email],
  );
  if (taken)
    throw new InvalidInputError(
      `Somebody here has this ${taken.field === "name" ? "name" : "email address"}.`,
      taken.field,
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
  const revoked = await db.query(`UPDATE invitations SET revoked_at = now() WHERE id = $1 AND ${OPEN}`, [invitationId]);
  if (revoked === 0)
    throw new NotFoundError("There is no such open invitation. It may be accepted, revoked or expired.");
  return { invitationId };
}

/** What a link is good for; null when it no longer is. Changes nothing. */
export async function openInvitation(db: Queryable, token: string): Promise<OpenInvitation | null> {
  const found = await db.maybe<OpenInvitation>(
    `SELECT i.role, i.email, i.name, a.name AS "invitedBy"
     FROM invitations i LEFT JOIN actors a ON a.id = i.invited_by_id
     WHERE i.secret_hash = $1 AND ${OPEN}`,
    [hashOf(token)],
  );
  return found ?? null;
}

/**
 * Makes whoever was invited a person who can sign in. The name and the address that the invitation says are theirs, and
 * an address that an owner wrote counts as verified. In one statement: of several with the same link one comes in, and
 * an invitation is never used up without a person.
 *
 * @returns the email address to sign in with; null when the invitation is not open any more
 * @throws InvalidInputError for a name, address or password that cannot be one, or that somebody has
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
  const hash = await hashPassword(auth, input.password);
  try {
    const person = await db.maybe(
      `WITH invitation AS (
         SELECT id, role, email FROM invitations WHERE secret_hash = $1 AND ${OPEN} FOR UPDATE
       ), person AS (
         INSERT INTO actors (name, email, email_verified, role, kind)
         SELECT $2, $3, email IS NOT NULL, role, 'PERSON' FROM invitation RETURNING id
       ), account AS (${insertPassword("person", 4)}),
       used AS (
         UPDATE invitations SET accepted_at = now(), accepted_by_id = (SELECT id FROM person)
         WHERE id = (SELECT id FROM invitation)
       )
       SELECT id FROM person`,
      [hashOf(token), name, email, hash],
    );
    return person ? { email } : null;
  } catch (error) {
    throw explainTaken(error);
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

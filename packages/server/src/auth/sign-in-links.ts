import { randomBytes } from "node:crypto";
import { InvalidInputError, type Queryable, type Role } from "@sluice/engine";
import { ensureNamed, otherRole } from "./actors.ts";
import type { Auth } from "./better-auth.ts";
import { isLinkToken, linkIdentifier, linkToken } from "./sign-in-link-plugin.ts";

/** A sign-in link opens once, and not for long. */
const LINK_HOURS = 24;

/**
 * Makes a link that signs one person in, who is made too if the name is new.
 *
 * @param options.role of a new person, an OWNER by default; one who is known keeps theirs
 * @returns the link's token
 * @throws InvalidInputError for a name that cannot be one, a role that is not the person's, and a deactivated person
 */
export async function issueSignInLink(
  { auth, db }: { readonly auth: Auth; readonly db: Queryable },
  name: string,
  options: { readonly role?: Role | undefined; readonly hours?: number } = {},
): Promise<string> {
  const person = await ensureNamed(db, name, { role: options.role ?? "OWNER", kind: "PERSON" });
  if (options.role && options.role !== person.role) throw otherRole(name, person.role);
  const { deactivated } = await db.one<{ deactivated: boolean }>(
    // Whoever can sign in is a person, whatever they were before.
    `UPDATE actors SET kind = 'PERSON' WHERE id = $1 RETURNING deactivated_at IS NOT NULL AS deactivated`,
    [person.id],
  );
  if (deactivated) throw new InvalidInputError(`${name} is deactivated. An owner can reactivate them.`, "name");
  const token = linkToken(randomBytes(32).toString("base64url"));
  const { internalAdapter } = await auth.$context;
  await internalAdapter.createVerificationValue({
    identifier: linkIdentifier(token),
    value: String(person.id),
    expiresAt: new Date(Date.now() + (options.hours ?? LINK_HOURS) * 3_600_000),
  });
  return token;
}

/** Whom a sign-in link signs in; null when it no longer does. Uses nothing up. */
export async function nameOfLink(
  { auth, db }: { readonly auth: Auth; readonly db: Queryable },
  token: string,
): Promise<string | null> {
  if (!isLinkToken(token)) return null;
  const { internalAdapter } = await auth.$context;
  const link = await internalAdapter.findVerificationValue(linkIdentifier(token));
  if (!link || link.expiresAt <= new Date()) return null;
  const sql = `SELECT name FROM actors WHERE id = $1 AND deactivated_at IS NULL`;
  return (await db.maybe<{ name: string }>(sql, [Number(link.value)]))?.name ?? null;
}

/** Somebody has signed in to this installation, or has a key. */
export async function anybodyKnown(db: Queryable): Promise<boolean> {
  const { known } = await db.one<{ known: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM sessions) OR EXISTS (SELECT 1 FROM api_keys) OR EXISTS (SELECT 1 FROM accounts) AS known`,
  );
  return known;
}

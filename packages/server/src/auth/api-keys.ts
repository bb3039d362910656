import { createHash } from "node:crypto";
import {
  type Actor,
  assertMay,
  ForbiddenError,
  InvalidInputError,
  may,
  NotFoundError,
  type Queryable,
  RIGHTS,
  type Right,
  roleInWords,
  SCOPE_RESOURCE,
} from "@sluice/engine";
import type { Auth } from "./better-auth.ts";
import { ADMIN_NAME } from "./names.ts";

const MAX_DAYS = 36_500;

export interface NewApiKey {
  readonly name: string;
  /** What it narrows its actor's role to; null: nothing. */
  readonly scopes: readonly Right[] | null;
  /** Until it expires; null: never. */
  readonly days: number | null;
}

/**
 * Makes a key for an actor, whoever asks.
 *
 * @returns the secret, which is shown now and never again: only its SHA-256 is kept
 */
export async function issueApiKey(
  auth: Auth,
  actorId: number,
  { name, scopes, days }: NewApiKey,
): Promise<{ apiKeyId: number; secret: string }> {
  const { id, key } = await auth.api.createApiKey({
    body: {
      userId: String(actorId),
      name,
      expiresIn: days === null ? null : Math.ceil(days * 86_400),
      ...(scopes && { permissions: { [SCOPE_RESOURCE]: [...scopes] } }),
    },
  });
  return { apiKeyId: Number(id), secret: key };
}

/**
 * Makes a key for whoever asks. A key makes none: it would outlive the one that it came by.
 *
 * @param sessionId by which they came; null where they came with a key
 * @throws InvalidInputError; ForbiddenError for whoever is not signed in, but SLUICE_ADMIN_TOKEN
 */
export async function createApiKey(
  auth: Auth,
  actor: Actor & { readonly sessionId?: number | null },
  input: NewApiKey,
): Promise<{ apiKeyId: number; secret: string }> {
  assertMay(actor, "VIEW");
  if (!actor.sessionId && actor.name !== ADMIN_NAME)
    throw new ForbiddenError(
      "A key cannot make keys, which would outlive it. Sign in, or run `sluice token` where Sluice runs.",
    );
  const name = input.name.trim();
  if (name === "" || name.length > 100 || /\p{C}/u.test(name))
    throw new InvalidInputError("A key's name says what it is for, in 1 to 100 characters.", "name");
  if (input.days !== null && !(input.days >= 1 && input.days <= MAX_DAYS))
    throw new InvalidInputError(`A key expires after 1 to ${MAX_DAYS} days, or never.`, "days");
  const scopes = input.scopes && RIGHTS.filter((right) => input.scopes?.includes(right));
  if (scopes?.length === 0)
    throw new InvalidInputError("A key without any scope could do nothing. Name some, such as VIEW.", "scopes");
  const missing = scopes?.find((right) => !may(actor, right));
  if (missing)
    throw new InvalidInputError(
      `You are ${roleInWords(actor.role)}, which does not include ${missing}, so a key cannot.`,
      "scopes",
    );
  return await issueApiKey(auth, actor.id, { name, scopes, days: input.days });
}

/**
 * Takes a key back: one's own, or anybody's for an owner.
 *
 * @throws NotFoundError also for a key of somebody else, where the asker is no owner
 */
export async function revokeApiKey(db: Queryable, actor: Actor, apiKeyId: number): Promise<{ apiKeyId: number }> {
  assertMay(actor, "VIEW");
  const revoked = await db.query(`DELETE FROM api_keys WHERE id = $1 AND ($2 OR actor_id = $3)`, [
    apiKeyId,
    may(actor, "OWN"),
    actor.id,
  ]);
  if (revoked === 0) throw new NotFoundError("There is no such API key. It may have expired or been revoked.");
  return { apiKeyId };
}

/** As better-auth keeps it: SHA-256 in base64url without padding. */
export function hashOfKey(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

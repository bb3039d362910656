import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Actor, Queryable } from "@sluice/engine";

/** A sign-in link opens once, and not for long. */
const LINK_HOURS = 24;
const SESSION_DAYS = 30;

export type CredentialKind = "SIGN_IN_LINK" | "SESSION" | "API_TOKEN";

/**
 * Makes a credential for an actor, who is made too if the name is new.
 *
 * @returns the secret, which is shown now and never again: only its SHA-256 is kept
 */
export async function issueCredential(
  db: Queryable,
  kind: CredentialKind,
  actorName: string,
  options: { days?: number | null } = {},
): Promise<string> {
  const secret = newSecret(kind);
  const actorId = await ensureActor(db, actorName);
  const days = options.days === undefined ? DAYS[kind] : options.days;
  await db.query(
    `INSERT INTO credentials (actor_id, kind, secret_hash, expires_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4))`,
    [actorId, kind, hashOf(secret), days === null ? null : days * 86_400],
  );
  return secret;
}

function newSecret(kind: CredentialKind): string {
  return `${PREFIX[kind]}_${randomBytes(32).toString("base64url")}`;
}

const PREFIX = { SIGN_IN_LINK: "slk", SESSION: "sls", API_TOKEN: "slt" } as const;
const DAYS = { SIGN_IN_LINK: LINK_HOURS / 24, SESSION: SESSION_DAYS, API_TOKEN: null } as const;

async function ensureActor(db: Queryable, name: string): Promise<number> {
  // First, because an insert that meets a conflict takes a number of the sequence all the same.
  const known = await db.maybe<{ id: number }>(`SELECT id FROM actors WHERE name = $1`, [name]);
  if (known) return known.id;
  await db.query(`INSERT INTO actors (name) VALUES ($1) ON CONFLICT DO NOTHING`, [name]);
  return (await db.one<{ id: number }>(`SELECT id FROM actors WHERE name = $1`, [name])).id;
}

/** Whom a sign-in link signs in; null when it no longer does. Uses nothing up. */
export async function nameOfLink(db: Queryable, link: string): Promise<string | null> {
  const found = await db.maybe<{ name: string }>(
    `SELECT a.name FROM credentials c JOIN actors a ON a.id = c.actor_id
     WHERE c.kind = 'SIGN_IN_LINK' AND c.secret_hash = $1
       AND c.used_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > now()`,
    [hashOf(link)],
  );
  return found?.name ?? null;
}

/**
 * Opens a session with a sign-in link. The link is used up, whoever is first; in one statement, so that a link is
 * never used up without a session.
 *
 * @returns the session's secret; null when the link is unknown, used, expired or revoked
 */
export async function signIn(db: Queryable, link: string): Promise<string | null> {
  const secret = newSecret("SESSION");
  const session = await db.maybe(
    `WITH used AS (
       UPDATE credentials SET used_at = now()
       WHERE kind = 'SIGN_IN_LINK' AND secret_hash = $1
         AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
       RETURNING actor_id
     )
     INSERT INTO credentials (actor_id, kind, secret_hash, expires_at)
     SELECT actor_id, 'SESSION', $2, now() + make_interval(days => $3) FROM used
     RETURNING id`,
    [hashOf(link), hashOf(secret), SESSION_DAYS],
  );
  return session ? secret : null;
}

export async function signOut(db: Queryable, session: string): Promise<void> {
  await db.query(
    `UPDATE credentials SET revoked_at = now() WHERE kind = 'SESSION' AND secret_hash = $1 AND revoked_at IS NULL`,
    [hashOf(session)],
  );
}

/** Whose secret it is, while it is valid. */
export async function actorOf(db: Queryable, kind: "SESSION" | "API_TOKEN", secret: string): Promise<Actor | null> {
  const actor = await db.maybe<Pick<Actor, "id" | "name" | "role">>(
    `SELECT a.id, a.name, a.role FROM credentials c JOIN actors a ON a.id = c.actor_id
     WHERE c.kind = $1 AND c.secret_hash = $2 AND c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > now())`,
    [kind, hashOf(secret)],
  );
  return actor ? { ...actor, scopes: null, channel: kind === "SESSION" ? "DASHBOARD" : "API" } : null;
}

/** The actor of `SLUICE_ADMIN_TOKEN`, looked up or made when it is first asked for. */
export function adminActor(db: Queryable): () => Promise<Actor> {
  let known: Actor | undefined;
  return async () => {
    known ??= {
      id: await ensureActor(db, "admin token"),
      name: "admin token",
      role: "OWNER",
      scopes: null,
      channel: "API",
    };
    return known;
  };
}

/** Compares secrets without telling by its time how much of them agrees. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Somebody has signed in to this installation, or has a token. */
export async function anybodyKnown(db: Queryable): Promise<boolean> {
  const { known } = await db.one<{ known: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM credentials WHERE kind <> 'SIGN_IN_LINK') AS known`,
  );
  return known;
}

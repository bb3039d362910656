import { createHash, timingSafeEqual } from "node:crypto";
import { type Actor, type Queryable, type Role, scopesOf, verifiedEmail } from "@sluice/engine";
import { ensureActor } from "./actors.ts";
import { hashOfKey } from "./api-keys.ts";
import { ADMIN_NAME } from "./names.ts";
import { sessionToken } from "./session-cookie.ts";

export interface AuthenticationDeps {
  readonly db: Queryable;
  readonly secret: string;
  readonly adminToken: string | undefined;
  /** Origin under which people reach the dashboard, where a proxy stands before it. */
  readonly publicUrl: string | undefined;
  readonly onError: (error: unknown) => void;
}

/** Who asks, and by which of their sessions. */
export interface Authenticated extends Actor {
  /** Null where they came with a key. */
  readonly sessionId: number | null;
}

/** What of a request says who asks. */
export interface RequestIdentity {
  /** The `Authorization` header, or `connectionParams.authorization` of a socket. */
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  readonly origin: string | undefined;
  readonly host: string | undefined;
}

export type Authenticate = (identity: RequestIdentity) => Promise<Authenticated | null>;

/**
 * Who asks: by API key, or by the session cookie of a page of our own. A cookie is sent along by the browser whoever
 * makes the request, so it counts only where the origin, if told, is ours.
 *
 * One statement for each request, which neither sessions nor keys are written by: better-auth's own checks take two, and
 * an update of the key. That a key is used is written once a minute, beside the request.
 */
export function createAuthenticate(deps: AuthenticationDeps): Authenticate {
  const admin = adminActor(deps.db);
  return async (identity) => {
    const bearer = /^Bearer\s+(\S+)$/i.exec(identity.authorization ?? "")?.[1];
    if (bearer) {
      if (deps.adminToken && sameSecret(bearer, deps.adminToken)) return await admin();
      return await actorOfKey(deps, bearer);
    }
    if (!isOurOrigin(deps.publicUrl, identity)) return null;
    const token = sessionToken(identity.cookie, deps.secret);
    return token === undefined ? null : await actorOfSession(deps.db, token);
  };
}

interface Row {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly email: string | null;
}

const WHO = `a.id, a.name, a.role, ${verifiedEmail("a")} AS email`;

async function actorOfSession(db: Queryable, token: string): Promise<Authenticated | null> {
  const found = await db.maybe<Row & { sessionId: number }>(
    `SELECT ${WHO}, s.id AS "sessionId" FROM sessions s JOIN actors a ON a.id = s.actor_id
     WHERE s.token = $1 AND s.expires_at > now() AND a.deactivated_at IS NULL`,
    [token],
  );
  return found ? { ...found, scopes: null, channel: "DASHBOARD" } : null;
}

async function actorOfKey({ db, onError }: AuthenticationDeps, secret: string): Promise<Authenticated | null> {
  const found = await db.maybe<
    Row & { keyId: number; expiresAt: Date | null; permissions: string | null; unseen: boolean }
  >(
    `SELECT ${WHO}, k.id AS "keyId", k.expires_at AS "expiresAt", k.permissions,
            k.last_request IS NULL OR k.last_request < now() - interval '1 minute' AS unseen
     FROM api_keys k JOIN actors a ON a.id = k.actor_id
     WHERE k.key = $1 AND k.enabled AND (k.expires_at IS NULL OR k.expires_at > now()) AND a.deactivated_at IS NULL`,
    [hashOfKey(secret)],
  );
  if (!found) return null;
  const { keyId, permissions, unseen, ...actor } = found;
  if (unseen) noteUse(db, keyId).catch(onError);
  return { ...actor, scopes: scopesOf(permissions), channel: "API", sessionId: null };
}

/** Of many requests that find it due, one writes. */
async function noteUse(db: Queryable, keyId: number): Promise<void> {
  await db.query(
    `UPDATE api_keys SET last_request = now()
     WHERE id = (SELECT id FROM api_keys WHERE id = $1
                   AND (last_request IS NULL OR last_request < now() - interval '1 minute')
                 FOR UPDATE SKIP LOCKED)`,
    [keyId],
  );
}

/** The actor of `SLUICE_ADMIN_TOKEN`, looked up or made when it is first asked for. */
function adminActor(db: Queryable): () => Promise<Authenticated> {
  let known: Authenticated | undefined;
  return async () => {
    known ??= {
      id: await adminId(db),
      name: ADMIN_NAME,
      role: "OWNER",
      scopes: null,
      channel: "API",
      sessionId: null,
    };
    return known;
  };
}

/** No person, whatever a database from before says: where decisions count people, it is none of them. */
async function adminId(db: Queryable): Promise<number> {
  const { id, kind } = await ensureActor(db, ADMIN_NAME, { role: "OWNER", kind: "INTEGRATION" });
  if (kind !== "INTEGRATION") await db.query(`UPDATE actors SET kind = 'INTEGRATION' WHERE id = $1`, [id]);
  return id;
}

export function isOurOrigin(
  publicUrl: string | undefined,
  { origin, host }: Pick<RequestIdentity, "origin" | "host">,
): boolean {
  if (origin === undefined) return true;
  if (publicUrl && origin === publicUrl) return true;
  return host !== undefined && URL.parse(origin)?.host === host;
}

/** Compares secrets without telling by its time how much of them agrees. */
function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

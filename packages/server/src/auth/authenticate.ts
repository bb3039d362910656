import type { Actor, Queryable } from "@sluice/engine";
import { actorOf, sameSecret } from "./credentials.ts";

export const SESSION_COOKIE = "sluice_session";

export interface AuthDeps {
  readonly db: Queryable;
  readonly adminToken: string | undefined;
  /** Who `adminToken` is. */
  readonly admin: () => Promise<Actor>;
  /** Origin under which people reach the dashboard, where a proxy stands before it. */
  readonly publicUrl: string | undefined;
}

/** What of a request says who asks. */
export interface RequestIdentity {
  /** The `Authorization` header, or `connectionParams.authorization` of a socket. */
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  readonly origin: string | undefined;
  readonly host: string | undefined;
}

/**
 * Who asks: by bearer token, or by the session cookie of a page of our own. A cookie is sent along by the browser
 * whoever makes the request, so it counts only where the origin, if told, is ours.
 */
export async function authenticate(deps: AuthDeps, identity: RequestIdentity): Promise<Actor | null> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(identity.authorization ?? "")?.[1];
  if (bearer) {
    if (deps.adminToken && sameSecret(bearer, deps.adminToken)) return await deps.admin();
    return await actorOf(deps.db, "API_TOKEN", bearer);
  }
  const session = cookieValue(identity.cookie, SESSION_COOKIE);
  if (!session || !isOurOrigin(deps, identity)) return null;
  return await actorOf(deps.db, "SESSION", session);
}

function isOurOrigin({ publicUrl }: AuthDeps, { origin, host }: RequestIdentity): boolean {
  if (origin === undefined) return true;
  if (publicUrl && origin === publicUrl) return true;
  return host !== undefined && URL.parse(origin)?.host === host;
}

export function cookieValue(cookies: string | undefined, name: string): string | undefined {
  for (const pair of cookies?.split(";") ?? []) {
    const [key, ...value] = pair.trim().split("=");
    if (key === name) return value.join("=");
  }
  return undefined;
}

import type { ActorKind, Right, Role } from "@sluice/engine";
import type pg from "pg";
import { ensureActor } from "../../src/auth/actors.ts";
import { type Issuer, openIssuer } from "../../src/auth/from-command-line.ts";

export interface TokenOptions {
  /** What the actor has from then on; OWNER for somebody new. */
  readonly role?: Role;
  /** What the key may do of that; everything by default. */
  readonly scopes?: readonly Right[];
  /** What somebody new is; an INTEGRATION, as the command line makes them, unless told otherwise. */
  readonly kind?: ActorKind;
}

/** Lets people and integrations in, as the command line does. */
export interface People {
  /** An API key of an actor, who is made too; the same one for the same wish. */
  token(name: string, options?: TokenOptions): Promise<string>;
  /** A session of somebody who has just signed in by a link, as a `Cookie` header. */
  session(name: string, options?: Pick<TokenOptions, "role">): Promise<string>;
  /** The token of a sign-in link; an OWNER's, unless told otherwise or known already. */
  signInLink(name: string, options?: Pick<TokenOptions, "role">): Promise<string>;
}

export function people(pool: pg.Pool): People {
  const tokens = new Map<string, Promise<string>>();
  let opened: Promise<Issuer> | undefined;
  const open = () => (opened ??= openIssuer(pool));
  const give = async ({ db }: Issuer, name: string, role: Role | undefined): Promise<void> => {
    if (role) await db.query(`UPDATE actors SET role = $2::role WHERE name = $1`, [name, role]);
  };
  const makeToken = async (name: string, { role, scopes, kind }: TokenOptions): Promise<string> => {
    const issuer = await open();
    await give(issuer, name, role);
    if (kind) await ensureActor(issuer.db, name, { role: role ?? "OWNER", kind });
    return await issuer.token(name, { role, scopes: scopes ?? null, days: null });
  };
  return {
    token(name, options = {}) {
      const wish = JSON.stringify([name, options]);
      const known = tokens.get(wish) ?? makeToken(name, options);
      tokens.set(wish, known);
      return known;
    },
    async session(name, { role } = {}) {
      const issuer = await open();
      await give(issuer, name, role);
      const token = await issuer.signInLink(name, role);
      const { headers } = await issuer.auth.api.signInByLink({ body: { token }, returnHeaders: true });
      return headers.getSetCookie()[0]?.split(";")[0] as string;
    },
    async signInLink(name, { role } = {}) {
      const issuer = await open();
      await give(issuer, name, role);
      return await issuer.signInLink(name, role);
    },
  };
}

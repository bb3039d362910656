import { createPrisma } from "@sluice/db";
import { type Queryable, queryable, type Right, type Role } from "@sluice/engine";
import type pg from "pg";
import { pino } from "pino";
import { ensureNamed, otherRole } from "./actors.ts";
import { issueApiKey } from "./api-keys.ts";
import { authSecret } from "./auth-secret.ts";
import { type Auth, createAuth } from "./better-auth.ts";
import { issueSignInLink } from "./sign-in-links.ts";

/** Whoever has the command line has the database: they may make whomever they like. */
export interface Issuer {
  readonly auth: Auth;
  readonly db: Queryable;
  /** @returns a sign-in link's token; see issueSignInLink */
  signInLink(name: string, role: Role | undefined): Promise<string>;
  /**
   * Whether somebody has this name, as it is written.
   */
  knows(name: string): Promise<boolean>;
  /**
   * Makes a key, and an integration for it where the name is new.
   *
   * @param key.role of a new one, OWNER by default; one that is known keeps its own
   * @param key.days until it expires; null: never
   * @returns the key
   * @throws InvalidInputError for a name that cannot be one, and a role that is not the one it has
   */
  token(name: string, key: TokenRequest): Promise<string>;
}

export interface TokenRequest {
  readonly role: Role | undefined;
  readonly scopes: readonly Right[] | null;
  readonly days: number | null;
}

/** Makes links and keys on a database, beside the servers on it. */
export async function openIssuer(pool: pg.Pool, secret?: string): Promise<Issuer> {
  const db = queryable(pool);
  const auth = createAuth({
    prisma: createPrisma(pool),
    secret: await authSecret(db, secret),
    publicUrl: undefined,
    log: pino({ level: "error" }, process.stderr),
  });
  return {
    auth,
    db,
    signInLink: (name, role) => issueSignInLink({ auth, db }, name, { role }),
    knows: async (name) => (await db.maybe(`SELECT FROM actors WHERE name = $1`, [name.trim()])) !== undefined,
    async token(name, { role, scopes, days }) {
      const actor = await ensureNamed(db, name, { role: role ?? "OWNER", kind: "INTEGRATION" });
      if (role && role !== actor.role) throw otherRole(name, actor.role);
      return (await issueApiKey(auth, actor.id, { name: "command line", scopes, days })).secret;
    },
  };
}

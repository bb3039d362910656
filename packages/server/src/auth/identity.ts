import type { PrismaClient } from "@sluice/db";
import type { Actor, Queryable } from "@sluice/engine";
import type { Identity } from "@sluice/schema";
import type { Logger } from "pino";
import { createApiKey, revokeApiKey } from "./api-keys.ts";
import { attemptLimit } from "./attempt-limit.ts";
import { authSecret } from "./auth-secret.ts";
import { type Authenticate, createAuthenticate } from "./authenticate.ts";
import { type Auth, createAuth } from "./better-auth.ts";
import { invite, revokeInvitation } from "./invitations.ts";
import { changeRole, confirmEmail, deactivatePerson, reactivatePerson, renamePerson } from "./people.ts";
import { updateProfile } from "./profile.ts";
import { SIGN_IN_LIMITS, type SignInTurns, signInTurns } from "./sign-in-turns.ts";

export interface AuthDeps {
  readonly db: Queryable;
  readonly prisma: PrismaClient;
  /** `SLUICE_AUTH_SECRET`. */
  readonly secret: string | undefined;
  readonly adminToken: string | undefined;
  readonly publicUrl: string | undefined;
  readonly log: Pick<Logger, "error" | "warn" | "debug">;
}

/** better-auth, whose turn it is to sign in, and who asks. */
export interface OpenAuth {
  readonly auth: Auth;
  readonly turns: SignInTurns;
  readonly authenticate: Authenticate;
}

export async function openAuth({
  db,
  prisma,
  secret: setting,
  adminToken,
  publicUrl,
  log,
}: AuthDeps): Promise<OpenAuth> {
  const secret = await authSecret(db, setting);
  // What is over is refused anyway; kept, it would only grow.
  await db.query(`DELETE FROM sessions WHERE expires_at < now()`);
  await db.query(`DELETE FROM verifications WHERE expires_at < now()`);
  const onError = (error: unknown): void => log.warn({ err: error }, "the last use of an API key was not noted");
  return {
    auth: createAuth({ prisma, secret, publicUrl, log }),
    turns: signInTurns(SIGN_IN_LIMITS),
    authenticate: createAuthenticate({ db, secret, adminToken, publicUrl, onError }),
  };
}

/** A mail to one person, as plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface IdentityDeps {
  readonly auth: Auth;
  readonly turns: SignInTurns;
  readonly db: Queryable;
  /** Where people reach the dashboard. */
  readonly origin: () => string;
  /** Rights have changed here: connections that outlive their request are to be looked at. */
  readonly onChange: () => void;
  /** Absent where no mail is set up. Resolves once the mail is sure to be tried. */
  readonly sendMail?: ((mail: Mail) => Promise<unknown>) | undefined;
  readonly onError: (error: unknown) => void;
  readonly log: Pick<Logger, "info">;
}

/** What the API offers about people and their keys. */
export function createIdentity({ auth, turns, db, origin, onChange, sendMail, onError, log }: IdentityDeps): Identity {
  const attempts = attemptLimit(() => 10);
  /** Says in the log who did what to whom; the sockets of whom it concerns are looked at where `rights` may be others. */
  const did = async <T>(
    actor: Actor,
    what: string,
    done: Promise<T>,
    { rights = false, ...facts }: { readonly rights?: boolean; readonly [fact: string]: unknown } = {},
  ): Promise<T> => {
    const result = await done;
    log.info({ by: actor.name, ...facts, ...withoutSecrets(result) }, what);
    if (rights) onChange();
    return result;
  };
  const mailed = async (mail: Mail): Promise<boolean> => {
    if (!sendMail) return false;
    try {
      await sendMail(mail);
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  };
  return {
    async invitePerson(actor, input) {
      const { role } = input;
      const { invitationId, token, email } = await did(actor, "somebody is invited", invite(db, actor, input), {
        role,
      });
      const path = `/invitation?token=${token}`;
      const url = `${origin()}${path}`;
      const isMailed = email !== null && (await mailed(invitationMail(email, actor.name, url)));
      return { invitationId, path, url, isMailed };
    },
    revokeInvitation: (actor, id) => did(actor, "an invitation is revoked", revokeInvitation(db, actor, id)),
    changeRole: (actor, input) =>
      did(actor, "a role is changed", changeRole(db, actor, input), { rights: true, role: input.role }),
    renamePerson: (actor, input) =>
      did(actor, "somebody is renamed", renamePerson(db, actor, input), { name: input.name }),
    confirmEmail: (actor, input) => did(actor, "an email address is confirmed", confirmEmail(db, actor, input)),
    deactivatePerson: (actor, id) =>
      did(actor, "somebody is deactivated", deactivatePerson(db, actor, id), { rights: true }),
    reactivatePerson: (actor, id) => did(actor, "somebody is reactivated", reactivatePerson(db, actor, id)),
    createApiKey: (actor, input) =>
      did(actor, "an API key is made", createApiKey(auth, actor, input), { scopes: input.scopes, days: input.days }),
    revokeApiKey: (actor, id) => did(actor, "an API key is revoked", revokeApiKey(db, actor, id), { rights: true }),
    updateProfile: (actor, input) =>
      did(actor, "a profile is changed", updateProfile({ auth, turns, db, attempts }, actor, input), { rights: true }),
  };
}

/** The ids of what was done something to. */
function withoutSecrets(result: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(result as object).filter(([name]) => name.endsWith("Id")));
}

function invitationMail(to: string, invitedBy: string, url: string): Mail {
  const text = `${invitedBy} invites you to Sluice. Open this link within a week to choose a password:\n\n${url}\n`;
  return { to, subject: "Your invitation to Sluice", text };
}

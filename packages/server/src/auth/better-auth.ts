import { apiKey } from "@better-auth/api-key";
import type { PrismaClient } from "@sluice/db";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError } from "better-auth/api";
import type { Logger } from "pino";
import { signInByLink } from "./sign-in-link-plugin.ts";

export interface AuthOptions {
  readonly prisma: PrismaClient;
  /** Signs session cookies. Another one ends every session, and nothing else. */
  readonly secret: string;
  /** Origin under which people reach the dashboard, where a proxy stands before it. */
  readonly publicUrl: string | undefined;
  readonly log: Pick<Logger, "error" | "debug">;
}

export type Auth = ReturnType<typeof createAuth>;

export const SESSION_COOKIE = "sluice_session";
export const SESSION_DAYS = 30;
export const PASSWORD_LENGTH = { min: 10, max: 128 } as const;
/** Begins every API key, so that scanners for leaked secrets know one. */
export const KEY_PREFIX = "slt_";

/**
 * better-auth on our own tables: its user is the Actor. It is called from within; none of its HTTP endpoints is open,
 * so what can be done from outside is what this folder's routes and the API offer.
 */
export function createAuth({ prisma, secret, publicUrl, log }: AuthOptions) {
  return betterAuth({
    appName: "Sluice",
    secret,
    baseURL: publicUrl ?? "http://localhost",
    database: prismaAdapter(prisma, { provider: "postgresql", transaction: true }),
    telemetry: { enabled: false },
    // What it warns of is that a password was wrong.
    logger: { level: "warn", log: (level, message) => log[level === "error" ? "error" : "debug"](message) },
    user: {
      modelName: "actor",
      additionalFields: { deactivatedAt: { type: "date", required: false, input: false } },
    },
    session: {
      modelName: "session",
      fields: { userId: "actorId" },
      additionalFields: { byLink: { type: "boolean", required: false, input: false, defaultValue: false } },
      expiresIn: SESSION_DAYS * 86_400,
      // Whoever is signed in is so for that long, and no request has to write to keep it so.
      disableSessionRefresh: true,
    },
    account: { modelName: "account", fields: { userId: "actorId" } },
    verification: { modelName: "verification", storeIdentifier: "hashed" },
    emailAndPassword: {
      enabled: true,
      // People come by invitation.
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
    },
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => {
            const id = Number(userId);
            const active = await prisma.actor.findFirst({ where: { id, deactivatedAt: null }, select: { id: true } });
            if (!active) throw new APIError("FORBIDDEN", { code: "DEACTIVATED" });
          },
        },
      },
    },
    advanced: {
      database: { generateId: "serial" },
      useSecureCookies: false,
      cookies: {
        session_token: { name: SESSION_COOKIE, attributes: { secure: publicUrl?.startsWith("https:") ?? false } },
      },
    },
    plugins: [apiKeys(), signInByLink()],
  });
}

/** The plugin as it is, but that a key's owner is a reference to an actor instead of a text. */
function apiKeys() {
  const plugin = apiKey({
    defaultPrefix: KEY_PREFIX,
    requireName: true,
    maximumNameLength: 100,
    rateLimit: { enabled: false },
    keyExpiration: { minExpiresIn: 0, maxExpiresIn: 36_500 },
    startingCharactersConfig: { charactersLength: KEY_PREFIX.length + 4 },
  });
  const { fields } = plugin.schema.apikey;
  const owner = { model: "user", field: "id", onDelete: "cascade" } as const;
  const referenceId = { ...fields.referenceId, fieldName: "actorId", references: owner };
  const apikey = { ...plugin.schema.apikey, modelName: "apiKey", fields: { ...fields, referenceId } };
  return { ...plugin, schema: { ...plugin.schema, apikey } };
}

import { randomBytes } from "node:crypto";
import type { Queryable } from "@sluice/engine";

/**
 * What session cookies are signed with: the setting, or else one that is made once and kept in the database, so that
 * all servers on it agree without being told. API keys, invitations and links do not depend on it.
 */
export async function authSecret(db: Queryable, setting: string | undefined): Promise<string> {
  if (setting) return setting;
  const made = randomBytes(48).toString("base64url");
  await db.query(`INSERT INTO auth_secrets (secret) VALUES ($1) ON CONFLICT DO NOTHING`, [made]);
  return (await db.one<{ secret: string }>(`SELECT secret FROM auth_secrets`)).secret;
}

import { InvalidInputError, type Queryable } from "@sluice/engine";
import { type Auth, PASSWORD_LENGTH } from "./better-auth.ts";

/** better-auth's name for an account that is a password. */
const PASSWORD_ACCOUNT = "credential";

/** @throws InvalidInputError for one that is too easily guessed, or longer than is hashed */
export function checkPassword(
  password: string,
  person: { readonly name: string; readonly email: string | null },
): void {
  const wrong = (message: string): never => {
    throw new InvalidInputError(message, "password");
  };
  if (password.length < PASSWORD_LENGTH.min) wrong(`A password has at least ${PASSWORD_LENGTH.min} characters.`);
  if (password.length > PASSWORD_LENGTH.max) wrong(`A password has at most ${PASSWORD_LENGTH.max} characters.`);
  if (new Set(password).size < 4) wrong("A password of so few different characters is guessed at once.");
  const known = [person.name, person.email, "password", "sluice"].map((word) => word?.toLowerCase());
  if (known.includes(password.toLowerCase())) wrong("A password that is a name or an address is guessed at once.");
}

/** The scrypt hash that better-auth checks against. */
export async function hashPassword(auth: Auth, password: string): Promise<string> {
  return await (await auth.$context).password.hash(password);
}

/** Whether it is the person's password; null when they have none. */
export async function passwordIs(
  { auth, db }: { readonly auth: Auth; readonly db: Queryable },
  actorId: number,
  password: string,
): Promise<boolean | null> {
  const account = await db.maybe<{ hash: string | null }>(
    `SELECT password AS hash FROM accounts WHERE actor_id = $1 AND provider_id = '${PASSWORD_ACCOUNT}'`,
    [actorId],
  );
  if (!account?.hash) return null;
  return await (await auth.$context).password.verify({ hash: account.hash, password });
}

/** The part of a statement that gives the actors of `source` the password hash `$parameter`. */
export function insertPassword(source: string, parameter: number): string {
  return `INSERT INTO accounts (actor_id, account_id, provider_id, password)
    SELECT id, id::text, '${PASSWORD_ACCOUNT}', $${parameter} FROM ${source}
    ON CONFLICT (provider_id, account_id) DO UPDATE SET password = excluded.password, updated_at = now()`;
}

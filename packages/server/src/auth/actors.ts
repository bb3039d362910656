import { type ActorKind, InvalidInputError, nameKey, type Queryable, type Role, roleInWords } from "@sluice/engine";
import { z } from "zod";
import { checkName, isReserved } from "./names.ts";

export interface KnownActor {
  readonly id: number;
  readonly role: Role;
  readonly kind: ActorKind;
  /** Whether it was made just now. */
  readonly isNew: boolean;
}

/**
 * The actor of a name, who is made if the name is new.
 * @throws InvalidInputError where somebody is called so in another case
 */
export async function ensureActor(
  db: Queryable,
  name: string,
  { role, kind }: { readonly role: Role; readonly kind: ActorKind },
): Promise<KnownActor> {
  // First, because an insert that meets a conflict takes a number of the sequence all the same.
  const known = await findActor(db, name);
  if (known) return known;
  const made = await db.maybe<{ id: number }>(
    `INSERT INTO actors (name, name_key, role, kind) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id`,
    [name, nameKey(name), role, kind],
  );
  if (made) return { id: made.id, role, kind, isNew: true };
  const other = await findActor(db, name);
  if (other) return other;
  const taken = await db.maybe<{ name: string }>(`SELECT name FROM actors WHERE name_key = $1`, [nameKey(name)]);
  throw new InvalidInputError(
    `Somebody is called “${taken?.name ?? name}”. Write it so, or choose another name.`,
    "name",
  );
}

/**
 * The same for a name that somebody wrote. One that is new has to be one that is given today; whoever has another from
 * before keeps it.
 *
 * @throws InvalidInputError for a name that cannot be one
 */
export async function ensureNamed(
  db: Queryable,
  text: string,
  wanted: { readonly role: Role; readonly kind: ActorKind },
): Promise<KnownActor> {
  const known = isReserved(text.trim()) ? undefined : await findActor(db, text.trim());
  return known ?? (await ensureActor(db, checkName(text), wanted));
}

async function findActor(db: Queryable, name: string): Promise<KnownActor | undefined> {
  if (name.includes("\0")) return undefined;
  const found = await db.maybe<Omit<KnownActor, "isNew">>(`SELECT id, role, kind FROM actors WHERE name = $1`, [name]);
  return found && { ...found, isNew: false };
}

/** For whoever asks for somebody who is known, with a role that they do not have. */
export function otherRole(name: string, role: Role): InvalidInputError {
  return new InvalidInputError(
    `${name} is ${roleInWords(role)} already, which an owner can change. Leave the role out.`,
    "role",
  );
}

/**
 * An email address as it is kept: in lower case.
 * @throws InvalidInputError when it cannot be one
 */
export function checkEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (email.length > 254 || !z.email().safeParse(email).success)
    throw new InvalidInputError("This is no email address. Write one such as ada@example.org.", "email");
  return email;
}

/**
 * What PostgreSQL says of a name or an email address that somebody else has, as an error that says what to do.
 * @param isOwner who may know everybody's address; others are not told that somebody has one
 */
export function explainTaken(error: unknown, { isOwner }: { readonly isOwner: boolean }): unknown {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  if (code !== "23505") return error;
  if (constraint === "actors_name_key" || constraint === "actors_name_key_key")
    return new InvalidInputError("Somebody has this name. Choose another, such as with a family name.", "name");
  if (constraint === "actors_email_key") {
    const message = isOwner
      ? "Somebody signs in with this email address. Use another."
      : "This address cannot be used.";
    return new InvalidInputError(message, "email");
  }
  return error;
}

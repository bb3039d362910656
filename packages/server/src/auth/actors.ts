import { InvalidInputError, type Queryable, type Role } from "@sluice/engine";

export type ActorKind = "PERSON" | "INTEGRATION";

/** Whom SLUICE_ADMIN_TOKEN acts as; what it may do is the setting's matter. */
export const ADMIN_NAME = "admin token";

export interface KnownActor {
  readonly id: number;
  readonly role: Role;
  readonly kind: ActorKind;
  /** Whether it was made just now. */
  readonly isNew: boolean;
}

/** The actor of a name, who is made if the name is new. */
export async function ensureActor(
  db: Queryable,
  name: string,
  { role, kind }: { readonly role: Role; readonly kind: ActorKind },
): Promise<KnownActor> {
  const find = () => db.maybe<Omit<KnownActor, "isNew">>(`SELECT id, role, kind FROM actors WHERE name = $1`, [name]);
  // First, because an insert that meets a conflict takes a number of the sequence all the same.
  const known = await find();
  if (known) return { ...known, isNew: false };
  const made = await db.maybe<{ id: number }>(
    `INSERT INTO actors (name, role, kind) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING RETURNING id`,
    [name, role, kind],
  );
  if (made) return { id: made.id, role, kind, isNew: true };
  const other = await find();
  if (!other) throw new Error(`The actor ${name} was made and is gone.`);
  return { ...other, isNew: false };
}

/** For whoever asks for somebody who is known, with a role that they do not have. */
export function otherRole(name: string, role: Role): InvalidInputError {
  return new InvalidInputError(`${name} has the role ${role}, which an owner can change. Leave the role out.`, "role");
}

const NAME_LENGTH = 60;

/**
 * A name as it is kept.
 * @throws InvalidInputError when it cannot be one
 */
export function checkName(text: string): string {
  const name = text.trim().replaceAll(/\s+/g, " ");
  const wrong = (message: string): never => {
    throw new InvalidInputError(message, "name");
  };
  if (name === "") wrong("Say a name, by which others will know you.");
  if (name.length > NAME_LENGTH) wrong(`A name has ${NAME_LENGTH} characters at most.`);
  if (/\p{C}/u.test(name)) wrong("A name has no control characters in it.");
  // Policies name people and roles side by side.
  if (/^role:/i.test(name)) wrong("A name cannot begin with “role:”, which means a role.");
  if (name === ADMIN_NAME) wrong(`“${ADMIN_NAME}” is the name of SLUICE_ADMIN_TOKEN. Choose another.`);
  return name;
}

/**
 * An email address as it is kept: in lower case.
 * @throws InvalidInputError when it cannot be one
 */
export function checkEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (
    !/^[^\s@"<>(),;:\\]+@[^\s@"<>(),;:\\]+\.[^\s@"<>(),;:\\.]+$/.test(email) ||
    email.length > 254 ||
    /\p{C}/u.test(email)
  ) {
    throw new InvalidInputError("This is no email address. Write one such as ada@example.org.", "email");
  }
  return email;
}

/** What PostgreSQL says of a name or an email address that somebody else has, as an error that says what to do. */
export function explainTaken(error: unknown): unknown {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  if (code !== "23505") return error;
  if (constraint === "actors_name_key")
    return new InvalidInputError("Somebody has this name. Choose another, such as with a family name.", "name");
  if (constraint === "actors_email_key")
    return new InvalidInputError("Somebody signs in with this email address. Use another.", "email");
  return error;
}

/** Who asks for something. Always the one who was authenticated, never an argument of a request. */
export interface Actor {
  readonly id: number;
  /** Unique within the installation. */
  readonly name: string;
  readonly role: Role;
  /** What an API key narrows the role to; null where nothing does. */
  readonly scopes: readonly Right[] | null;
  /** How they came: kept with every decision. */
  readonly channel: Channel;
  /** In lower case, where it is known: a policy may name people by it. */
  readonly email?: string | null | undefined;
  /** When the key that they came with ends; null where nothing ends. */
  readonly expiresAt?: Date | null | undefined;
}

/** Somebody, or a program, as the database has them now: what a policy looks at. */
export interface ActorNow extends Actor {
  readonly kind: ActorKind;
}

/** A person, or a program that has nothing but keys. */
export type ActorKind = "PERSON" | "INTEGRATION";

/** Each includes what those before it may do. */
export const ROLES = ["VIEWER", "VOTER", "APPROVER", "OPERATOR", "OWNER"] as const;
export type Role = (typeof ROLES)[number];

/**
 * What there is to be allowed: to read everything; to compare candidates; to decide gates and look after alerts; to
 * create, steer and end runs; to say who may do what, and where messages go.
 */
export const RIGHTS = ["VIEW", "VOTE", "DECIDE", "OPERATE", "OWN"] as const;
export type Right = (typeof RIGHTS)[number];

/** By a person's session at the dashboard, by an API key, by a decision link, or by a step's automatic policy. */
export const CHANNELS = ["DASHBOARD", "API", "LINK", "POLICY"] as const;
export type Channel = (typeof CHANNELS)[number];

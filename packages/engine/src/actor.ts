/** Who asks for something. Always the one who was authenticated, never an argument of a request. */
export interface Actor {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
}

/** More roles come with user management; until then everyone who is signed in owns the installation. */
export type Role = "OWNER";

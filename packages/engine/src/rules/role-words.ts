import type { Role } from "../actor.ts";

const WORDS = {
  VIEWER: "a viewer",
  VOTER: "a voter",
  APPROVER: "an approver",
  OPERATOR: "an operator",
  OWNER: "an owner",
} as const satisfies Record<Role, string>;

/** A role as people call somebody who has it: "a voter", "an approver". */
export function roleInWords(role: Role): string {
  return WORDS[role];
}

import type { Right, Role } from "../gql/generated/graphql.ts";

interface Words {
  readonly label: string;
  readonly may: string;
}

/** What people read for each role; each includes those before it. */
export const ROLE_WORDS = {
  VIEWER: { label: "Viewer", may: "sees everything" },
  VOTER: { label: "Voter", may: "compares candidates" },
  APPROVER: { label: "Approver", may: "decides gates and looks after alerts" },
  OPERATOR: { label: "Operator", may: "starts and steers runs" },
  OWNER: { label: "Owner", may: "says who may do what and where messages go" },
} as const satisfies Record<Role, Words>;

/** A role as people call somebody who has it: "a voter", "an approver". */
export function roleInWords(role: Role): string {
  const word = ROLE_WORDS[role].label.toLowerCase();
  return `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;
}

export const ROLES = Object.keys(ROLE_WORDS) as Role[];

/** Everybody of at least a role, where people are named: those of a role below cannot decide. */
export const ROLE_NAMES: string[] = ["role:approver", "role:operator", "role:owner"];

/** For a select, with what each role may do. */
export const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: ROLE_WORDS[role].label }));

/** What people read for each right, as a key's scope. */
export const RIGHT_WORDS = {
  VIEW: { label: "View", may: "see everything" },
  VOTE: { label: "Vote", may: "compare candidates" },
  DECIDE: { label: "Decide", may: "decide gates and look after alerts" },
  OPERATE: { label: "Operate", may: "start, steer and end runs" },
  OWN: { label: "Own", may: "say who may do what and where messages go" },
} as const satisfies Record<Right, Words>;

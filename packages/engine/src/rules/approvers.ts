import { ROLES, type Role } from "../actor.ts";
import { didYouMean } from "../pipelines/nearest-name.ts";
import type { Approvers } from "./decision-policy.ts";
import { hasInvisible, normalName } from "./person-name.ts";
import { roleInWords } from "./role-words.ts";

const ROLE_PREFIX = "role:";

/** What of a person a policy looks at. */
export interface PolicyPerson {
  readonly name: string;
  readonly role: Role;
  readonly email?: string | null | undefined;
}

/**
 * Reads one entry of `approvers` or `escalate_to`: `role:approver`, a name, or an email address. A name is given in the
 * form in which people's names are kept.
 *
 * @returns the role or the person, or in words what is wrong with it
 */
export function parseApprover(text: string): { role: Role } | { person: string } | { wrong: string } {
  const entry = normalName(text);
  if (hasInvisible(entry))
    return { wrong: `"${text}" has invisible characters in it, and no name has. Write it anew.` };
  if (!entry.toLowerCase().startsWith(ROLE_PREFIX)) return { person: entry };
  const wanted = entry.slice(ROLE_PREFIX.length).trim();
  const role = ROLES.find((known) => known === wanted.toUpperCase());
  if (role) return { role };
  const known = ROLES.map((name) => name.toLowerCase());
  return {
    wrong: `There is no role "${wanted}".${didYouMean(wanted, known) || ` The roles are ${known.join(", ")}.`}`,
  };
}

/**
 * Whether somebody is one of these: of at least one of the roles, or named. An entry with an @ is an email address and
 * never a name, so that nobody becomes an approver by taking an address for a name. Addresses do not differ by case.
 */
export function isAmong(person: PolicyPerson, { roles, people }: Approvers): boolean {
  if (roles.some((role) => ROLES.indexOf(person.role) >= ROLES.indexOf(role))) return true;
  const email = person.email?.toLowerCase();
  return people.some((entry) => (entry.includes("@") ? entry.toLowerCase() === email : entry === person.name));
}

/** Such as "ada, bob or anybody who is at least an approver". */
export function approversInWords({ roles, people }: Approvers): string {
  // Each role includes those above it, so the lowest says all.
  const least = ROLES.find((role) => roles.includes(role));
  const words = [...people, ...(least ? [`anybody who is at least ${roleInWords(least)}`] : [])];
  const last = words.pop() ?? "nobody";
  return words.length === 0 ? last : `${words.join(", ")} or ${last}`;
}

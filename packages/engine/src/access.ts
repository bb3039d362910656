import { type Actor, RIGHTS, type Right, ROLES, type Role } from "./actor.ts";
import { ForbiddenError } from "./errors.ts";
import type { DecisionPolicy } from "./rules/decision-policy.ts";

/** The gate somebody wants to decide. */
export interface GateToDecide {
  readonly runId: number;
  readonly runStepId: number;
  /** Who created the run; null where that person is not known any more. */
  readonly createdById: number | null;
  readonly policy: DecisionPolicy;
}

/** Whether somebody's role, and the key they came with, allow something. */
export function may(actor: Pick<Actor, "role" | "scopes">, right: Right): boolean {
  return roleAllows(actor.role, right) && (actor.scopes === null || actor.scopes.includes(right));
}

/** Roles and rights are ladders of the same length: each role has one more right than the one before. */
function roleAllows(role: Role, right: Right): boolean {
  return ROLES.indexOf(role) >= RIGHTS.indexOf(right);
}

/** @throws ForbiddenError when they may not, with what it takes. */
export function assertMay(actor: Actor, right: Right): void {
  if (may(actor, right)) return;
  throw new ForbiddenError(whyNot(actor, right));
}

/** What it takes to be allowed something, for somebody who is not. */
export function whyNot(actor: Actor, right: Right): string {
  if (roleAllows(actor.role, right)) return `This API key lacks the scope ${right}. Use one that has it.`;
  const least = ROLES[RIGHTS.indexOf(right)];
  return `${actor.name} has the role ${actor.role}; this takes ${least}. An owner can change it.`;
}

/**
 * G12: the one place that says whether somebody may decide a gate. Every path to a decision calls it.
 *
 * @throws ForbiddenError when they may not.
 */
export function assertMayDecide(actor: Actor, _gate: GateToDecide): void {
  assertMay(actor, "DECIDE");
}

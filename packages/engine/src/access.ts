import { type Actor, type ActorNow, RIGHTS, type Right, ROLES, type Role } from "./actor.ts";
import { ForbiddenError } from "./errors.ts";
import { approversInWords, isAmong } from "./rules/approvers.ts";
import { type DecisionPolicy, quorumOf } from "./rules/decision-policy.ts";
import { roleInWords } from "./rules/role-words.ts";

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
  const least = ROLES[RIGHTS.indexOf(right)] as Role;
  return `${actor.name} is ${roleInWords(actor.role)}; this takes ${roleInWords(least)}. An owner can change that.`;
}

/** Who decides a gate: somebody, or the gate's own automatic policy. */
export type Decider = ActorNow | "POLICY";

/**
 * G12: the one place that says whether somebody may decide a gate, which is to approve it, to sign off on it, to
 * reject it and to send it back. Every path to a decision comes through here.
 *
 * @returns what it takes, as a sentence, or null where they may
 */
export function whyMayNotDecide(decider: Decider, { policy, createdById }: GateToDecide): string | null {
  if (decider === "POLICY") return policy.automatic ? null : "This gate has no automatic policy: people open it.";
  if (!may(decider, "DECIDE")) return whyNot(decider, "DECIDE");
  const quorum = quorumOf(policy);
  // Whoever has the command line can make programs, as many as it takes.
  if (quorum > 1 && decider.kind !== "PERSON") {
    return `This gate takes ${quorum} different people, and ${decider.name} is a program.`;
  }
  if (policy.approvers && !isAmong(decider, policy.approvers)) {
    return `${decider.name} is not among those who may decide this gate. It takes ${approversInWords(policy.approvers)}.`;
  }
  if (policy.excludeCreator && decider.id === createdById) {
    return `${decider.name} created this run, and its policy keeps its creator from deciding this gate. It takes somebody else.`;
  }
  return null;
}

/** @throws ForbiddenError where `whyMayNotDecide` has a reason */
export function assertMayDecide(decider: Decider, gate: GateToDecide): void {
  const reason = whyMayNotDecide(decider, gate);
  if (reason !== null) throw new ForbiddenError(reason);
}

import type { Actor } from "./actor.ts";
import { ForbiddenError } from "./errors.ts";

/** The gate somebody wants to decide. Policies (named approvers, quorum) will read more of it. */
export interface GateToDecide {
  readonly runId: number;
  readonly runStepId: number;
}

/**
 * G12: the one place that says whether somebody may decide a gate. Every path to a decision calls it.
 *
 * @throws ForbiddenError when they may not.
 */
export function assertMayDecide(actor: Actor, _gate: GateToDecide): void {
  if (!mayOperate(actor)) throw new ForbiddenError(`${actor.name} may not decide this gate.`);
}

/** Whether somebody may create, steer and end runs. */
export function mayOperate(actor: Actor): boolean {
  return actor.role === "OWNER";
}

/** @throws ForbiddenError when somebody may not create, steer or end runs. */
export function assertMayOperate(actor: Actor): void {
  if (!mayOperate(actor)) throw new ForbiddenError(`${actor.name} may not do this.`);
}

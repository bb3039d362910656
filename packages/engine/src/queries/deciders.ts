import { type GateToDecide, whyMayNotDecide } from "../access.ts";
import type { Role } from "../actor.ts";
import type { Queryable } from "../db/queryable.ts";
import { approversInWords } from "../rules/approvers.ts";
import { quorumOf } from "../rules/decision-policy.ts";

/** A gate that waits for people. */
export interface WaitingGate extends GateToDecide {
  readonly approvalId: number;
  readonly position: number;
  readonly name: string;
  readonly requestedAt: Date;
  readonly allowedSeconds: number;
}

/** Somebody who is active. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly email: string | null;
}

/** The gates of these runs that wait, by run and position. */
export async function waitingGates(db: Queryable, runIds: readonly number[]): Promise<WaitingGate[]> {
  return await db.many(
    `SELECT a.id AS "approvalId", rs.pipeline_run_id AS "runId", rs.id AS "runStepId", rs.position, s.name, rs.policy,
       a.requested_at AS "requestedAt", s.stall_after_seconds AS "allowedSeconds", r.created_by_id AS "createdById"
     FROM approvals a
     JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
     JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
     JOIN pipeline_runs r ON r.id = rs.pipeline_run_id
     WHERE a.status = 'PENDING' AND rs.status = 'AWAITING_APPROVAL' AND a.pipeline_run_id = ANY($1)
     ORDER BY rs.pipeline_run_id, rs.position`,
    [runIds],
  );
}

export async function activePeople(db: Queryable): Promise<Person[]> {
  return await db.many(
    `SELECT id, name, role, CASE WHEN email_verified THEN email END AS email
     FROM actors WHERE deactivated_at IS NULL ORDER BY name`,
  );
}

/** Those who may decide a gate now, by the one rule that says so (G12). */
export function decidersOf(gate: GateToDecide, people: readonly Person[]): Person[] {
  return people.filter((person) => whyMayNotDecide({ ...person, scopes: null, channel: "DASHBOARD" }, gate) === null);
}

/** Why nobody can open a gate, and what helps. */
export interface NobodyMayDecide {
  readonly message: string;
  readonly action: string;
}

/** Says so where a gate's policy asks for more people than there are: left alone, it would wait for ever (F5). */
export function nobodyMayDecide(gate: WaitingGate, deciders: readonly Person[]): NobodyMayDecide | null {
  const quorum = quorumOf(gate.policy);
  if (deciders.length >= quorum) return null;
  const found =
    deciders.length === 0
      ? "nobody who is active may"
      : `only ${listed(deciders.map(({ name }) => name))} may, and ${quorum} different people have to`;
  return {
    message: `Step ${gate.position} (${gate.name}) is to be approved by ${wantedInWords(gate)}, but ${found}.`,
    action:
      "An owner can give somebody the role that it takes, or invite who is named. Or abort the run, mend the policy in the pipeline, and create a new run.",
  };
}

/** Whom a policy asks for: "2 of ada, bob or anybody who is at least OPERATOR, but not whoever created the run". */
function wantedInWords({ policy }: WaitingGate): string {
  const quorum = quorumOf(policy);
  const who = approversInWords(policy.approvers ?? { roles: ["APPROVER"], people: [] });
  const several = quorum > 1 ? `${quorum} of ` : "";
  return `${several}${who}${policy.excludeCreator ? ", but not whoever created the run" : ""}`;
}

const SHOWN = 5;

/** "ada", "ada and bob", "ada, bob, carol, dan and 7 others". */
export function listed(names: readonly string[]): string {
  const shown =
    names.length > SHOWN ? [...names.slice(0, SHOWN - 1), `${names.length - SHOWN + 1} others`] : [...names];
  const last = shown.pop() ?? "nobody";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

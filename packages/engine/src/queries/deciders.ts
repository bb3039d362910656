import { type GateToDecide, whyMayNotDecide } from "../access.ts";
import { type ActorKind, RIGHTS, type Right, type Role } from "../actor.ts";
import { policyPerson } from "../db/policy-person.ts";
import type { Queryable } from "../db/queryable.ts";
import { approversInWords } from "../rules/approvers.ts";
import { quorumOf } from "../rules/decision-policy.ts";
import { listed } from "../rules/listed.ts";
import { scopesOf } from "../rules/scopes.ts";

/** A gate that waits for people. */
export interface WaitingGate extends GateToDecide {
  readonly approvalId: number;
  readonly position: number;
  readonly name: string;
  readonly requestedAt: Date;
  readonly allowedSeconds: number;
  /** It has waited longer than that, and an alert was raised. */
  readonly stalled: boolean;
  /** It has no candidate that could advance, so it cannot be opened. An APPROVAL step can be, without any. */
  readonly empty: boolean;
}

/** Somebody, or a program, who is active. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly kind: ActorKind;
  readonly email: string | null;
  /** What all the keys of a program let it do together; null where nothing narrows it, as for everybody who signs in. */
  readonly scopes: readonly Right[] | null;
}

/** The gates of these runs that wait, by run and position. */
export async function waitingGates(db: Queryable, runIds: readonly number[]): Promise<WaitingGate[]> {
  return await db.many(
    `SELECT a.id AS "approvalId", rs.pipeline_run_id AS "runId", rs.id AS "runStepId", rs.position, s.name, rs.policy,
       a.requested_at AS "requestedAt", s.stall_after_seconds AS "allowedSeconds", a.stalled,
       r.created_by_id AS "createdById",
       s.kind <> 'APPROVAL' AND NOT EXISTS (
         SELECT FROM candidates c WHERE c.pipeline_run_step_id = rs.id AND c.status = 'ACTIVE'
       ) AS empty
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
  const rows = await db.many<Omit<Person, "scopes"> & { permissions: (string | null)[] }>(
    `SELECT a.id, ${policyPerson("a")}, CASE WHEN a.kind = 'PERSON' THEN '[]'::json ELSE (
       SELECT coalesce(json_agg(k.permissions), '[]') FROM api_keys k
       WHERE k.actor_id = a.id AND k.enabled AND (k.expires_at IS NULL OR k.expires_at > now())
     ) END AS permissions
     FROM actors a WHERE a.deactivated_at IS NULL ORDER BY a.name`,
  );
  return rows.map(({ permissions, ...person }) => ({ ...person, scopes: scopesOfAll(permissions) }));
}

/** Null for who has no key at all: the program of the operator's own token needs none. */
function scopesOfAll(permissions: readonly (string | null)[]): readonly Right[] | null {
  const scopes = permissions.map(scopesOf);
  if (scopes.length === 0 || scopes.includes(null)) return null;
  return RIGHTS.filter((right) => scopes.some((each) => each?.includes(right)));
}

/** Those who may decide a gate now, by the one rule that says so (G12). */
export function decidersOf(gate: GateToDecide, people: readonly Person[]): Person[] {
  return people.filter((person) => whyMayNotDecide({ ...person, channel: "DASHBOARD" }, gate) === null);
}

/** Why nobody can open a gate, and what helps. */
export interface NobodyMayDecide {
  readonly message: string;
  readonly action: string;
}

/** Says so where a gate's policy asks for more people than there are: left alone, it would wait for ever (F5). */
export function nobodyMayDecide(gate: WaitingGate, deciders: readonly Person[]): NobodyMayDecide | null {
  const quorum = quorumOf(gate.policy);
  const missing = quorum - deciders.length;
  if (missing <= 0) return null;
  const which = `${gate.position} (${gate.name})`;
  if (quorum === 1) {
    return {
      message: `Nobody who is active may decide step ${which}. ${wantedInWords(gate)}`,
      action:
        "An owner can give somebody the role that it takes, or invite who is named. Or abort the run, mend the policy in the pipeline, and create a new run.",
    };
  }
  const found =
    deciders.length === 0 ? "nobody who is active may" : `only ${listed(deciders.map(({ name }) => name))} may`;
  return {
    message: `Step ${which} takes ${quorum} different people, and ${found} decide it. ${wantedInWords(gate)}`,
    action: `The quorum asks for more people than there are. An owner can bring in ${missing} more: invite them, or give somebody the role that it takes; programs do not count. Or abort the run, lower \`quorum\` in the pipeline, and create a new run.`,
  };
}

/** Whom a policy lets decide: "It is for ada or anybody who is at least an operator, except whoever created the run." */
function wantedInWords({ policy }: WaitingGate): string {
  const who = approversInWords(policy.approvers ?? { roles: ["APPROVER"], people: [] });
  return `It is for ${who}${policy.excludeCreator ? ", except whoever created the run" : ""}.`;
}

import { may, whyMayNotDecide } from "../access.ts";
import type { ActorNow } from "../actor.ts";
import { policyPerson } from "../db/policy-person.ts";
import type { Queryable } from "../db/queryable.ts";
import { isAmong, parseApprover } from "../rules/approvers.ts";
import type { Approvers } from "../rules/decision-policy.ts";
import type { EventFacts } from "./event-facts.ts";

/** Somebody who is told by email. */
export interface Recipient extends ActorNow {
  /** Where mail goes. Policies go by `email`, which is null where nobody but the recipient says that it is theirs. */
  readonly address: string;
}

/** Everybody who has an address and wants to hear. */
export async function reachablePeople(tx: Queryable): Promise<Recipient[]> {
  return await tx.many<Recipient>(
    `SELECT a.id, ${policyPerson("a")}, a.email AS address, NULL AS scopes, 'LINK' AS channel FROM actors a
     WHERE a.email IS NOT NULL AND a.email_notifications AND a.deactivated_at IS NULL ORDER BY a.id`,
  );
}

/**
 * Who is told of an event by email: of a gate that waits, everybody who may decide it (G12); of generation that needs
 * attention, everybody who runs things; and those whom the alert was escalated to.
 */
export function recipientsOf(facts: EventFacts, people: readonly Recipient[]): readonly Recipient[] {
  const { alert, step } = facts;
  switch (facts.event.tells) {
    case "approval.requested":
      return step ? people.filter((person) => mayDecide(person, facts)) : [];
    // The others have heard of it.
    case "alert.escalated":
      return people.filter((person) => isAmong(person, approversOf(facts.event.data.to)));
    case "alert.raised":
    case "alert.reminded": {
      if (!alert) return [];
      const escalated = approversOf(alert.escalatedTo);
      return people.filter(
        (person) =>
          isAmong(person, escalated) ||
          (alert.kind === "APPROVAL_STALLED" ? mayDecide(person, facts) : may(person, "OPERATE")),
      );
    }
    default:
      return [];
  }
}

function mayDecide(person: Recipient, { run, step }: EventFacts): boolean {
  if (!step) return false;
  const gate = { runId: run.id, runStepId: step.id, createdById: run.createdById, policy: step.policy };
  return whyMayNotDecide(person, gate) === null;
}

function approversOf(entries: unknown): Approvers {
  const read = Array.isArray(entries) ? entries.map((entry) => parseApprover(String(entry))) : [];
  return {
    roles: read.flatMap((entry) => ("role" in entry ? [entry.role] : [])),
    people: read.flatMap((entry) => ("person" in entry ? [entry.person] : [])),
  };
}

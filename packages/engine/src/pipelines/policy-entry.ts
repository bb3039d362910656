import type { Approvers, DecisionPolicy } from "../rules/decision-policy.ts";
import type { PolicyEntry } from "./document.ts";

/** A policy as a document writes it: what `resolvePolicy` makes the same policy of. */
export function policyEntry({ approvers, automatic, escalateTo, ...policy }: DecisionPolicy): PolicyEntry {
  return {
    ...(approvers && { approvers: peopleOf(approvers) }),
    ...(policy.quorum !== undefined && { quorum: policy.quorum }),
    ...(policy.excludeCreator !== undefined && { exclude_creator: policy.excludeCreator }),
    ...(policy.minVotes !== undefined && { min_votes: policy.minVotes }),
    ...(policy.minConfidence !== undefined && { min_confidence: policy.minConfidence }),
    ...(automatic && { automatic }),
    ...(escalateTo && { escalate_to: peopleOf(escalateTo) }),
    ...(policy.maxRounds !== undefined && { max_rounds: policy.maxRounds }),
  };
}

function peopleOf({ roles, people }: Approvers): string[] {
  return [...roles.map((role) => `role:${role.toLowerCase()}`), ...people];
}

import type { Advancement, CandidateStatus } from "../gql/generated/graphql.ts";

interface Standing {
  readonly status: CandidateStatus;
  readonly advancement: Advancement;
}

/** What already fell below the cut has no children and no place to free: rejecting it would change nothing. */
export function canReject({ status, advancement }: Standing): boolean {
  return status === "ACTIVE" && advancement !== "NOT_ADVANCING";
}

/** Whether it is too late for that only the server knows, and says. */
export function canRestore({ status }: Standing): boolean {
  return status === "REJECTED";
}

/** What becomes of one that had advanced. */
export const REJECTED_PARENT =
  "It stops being a parent, and nothing takes its place. Children that are being made are finished.";

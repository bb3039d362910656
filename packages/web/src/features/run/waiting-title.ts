import type { RunStatus } from "../../gql/generated/graphql.ts";

/** The question that a run's diagnosis answers. */
export function waitingTitle(status: RunStatus): string {
  switch (status) {
    case "WAITING_FOR_APPROVAL":
      return "Why is it waiting?";
    case "RUNNING":
      return "What holds it up?";
    case "COMPLETED":
    case "REJECTED":
    case "FAILED":
    case "ABORTED":
      return "What now?";
    default:
      return status satisfies never;
  }
}

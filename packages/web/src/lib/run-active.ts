import type { RunStatus } from "../gql/generated/graphql.ts";

/** Whether a run still makes candidates or waits for people; undefined where it is not read yet. */
export function isRunActive(status: RunStatus | undefined): boolean {
  return status === "RUNNING" || status === "WAITING_FOR_APPROVAL";
}

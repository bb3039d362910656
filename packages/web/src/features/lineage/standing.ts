import type { Advancement, CandidateStatus } from "../../gql/generated/graphql.ts";

/** What has become of a candidate, as far as a tree of them tells. */
export type Standing = "winner" | "advancing" | "undecided" | "behind" | "rejected" | "superseded";

interface Candidate {
  readonly status: CandidateStatus;
  readonly advancement: Advancement;
}

/** @param inLastStep of a run that is COMPLETED: there is nothing to advance to, who advances has won */
export function standingOf({ status, advancement }: Candidate, inLastStep: boolean): Standing {
  switch (status) {
    case "REJECTED":
      return "rejected";
    case "SUPERSEDED":
      return "superseded";
    case "ACTIVE":
      break;
    default:
      return status satisfies never;
  }
  switch (advancement) {
    case "ADVANCING":
      return inLastStep ? "winner" : "advancing";
    case "NOT_ADVANCING":
      return "behind";
    case "UNDECIDED":
      return "undecided";
    default:
      return advancement satisfies never;
  }
}

/** The same in words, as the gallery and the run's page say it. */
export const STANDING_WORDS = {
  winner: "Winner",
  advancing: "Advancing to next step",
  undecided: "Not decided yet",
  behind: "Not advancing (below top-K)",
  rejected: "Rejected",
  superseded: "Of an earlier round",
} as const satisfies Record<Standing, string>;

/** Whether it goes on: what "advancing only" leaves. */
export function goesOn(standing: Standing): boolean {
  return standing === "winner" || standing === "advancing";
}

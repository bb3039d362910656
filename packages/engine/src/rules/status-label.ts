import type { StepStatus } from "../db/rows.ts";

export interface LabelledStep {
  readonly status: StepStatus;
  /** Position of the first closed gate before this step; null when there is none. */
  readonly blockedBy: number | null;
  /** Active ones. */
  readonly candidateCount: number;
  readonly advancingCount: number;
  readonly expectedCandidates: number;
  /** The run has ended: what the step had not come to, it never will. */
  readonly runEnded: boolean;
}

/** Where a step is, in the words that people see. The icons (✅ ⏸️ 🔒 🔄) are the page's business. */
export function statusLabel(step: LabelledStep): string {
  switch (step.status) {
    case "BLOCKED":
      if (step.runEnded) return "Not reached";
      return step.blockedBy === null ? "Blocked" : `Blocked (Step ${step.blockedBy} unapproved)`;
    case "GENERATING":
      return `${step.runEnded ? "Stopped" : "Generating"} (${step.candidateCount}/${step.expectedCandidates} candidates)`;
    case "AWAITING_APPROVAL":
      if (step.runEnded) return `Not decided (${candidates(step.candidateCount)})`;
      return `Awaiting Approval (${candidates(step.candidateCount)} ready)`;
    case "APPROVED":
      return step.advancingCount >= step.candidateCount
        ? "Approved (all advancing)"
        : `Approved (${step.advancingCount}/${step.candidateCount} advancing)`;
    case "REJECTED":
      return "Rejected";
    default:
      return step.status satisfies never;
  }
}

function candidates(count: number): string {
  return `${count} ${count === 1 ? "candidate" : "candidates"}`;
}

import { isActive, type RunStatus, type StepStatus } from "../db/rows.ts";

export interface LabelledStep {
  readonly status: StepStatus;
  /** The first step before this one that is not through; null when there is none. */
  readonly blockedBy: { readonly position: number; readonly approved: boolean } | null;
  /** Active ones. */
  readonly candidateCount: number;
  readonly advancingCount: number;
  readonly expectedCandidates: number;
  /** What the step had not come to when the run ended, it never will. */
  readonly runStatus: RunStatus;
  /** Where it takes several people: how many have approved the same cut, of how many. */
  readonly signOffs?: { readonly given: number; readonly required: number } | null;
  /** From 1, which is left out. */
  readonly round?: number;
}

/** Where a step is, in the words that people see. The icons (✅ ⏸️ 🔒 🔄) are the page's business. */
export function statusLabel(step: LabelledStep): string {
  const label = labelOfRound(step);
  return (step.round ?? 1) > 1 ? `${label} · round ${step.round}` : label;
}

function labelOfRound(step: LabelledStep): string {
  switch (step.status) {
    case "BLOCKED":
      if (!isActive(step.runStatus)) return "Not reached";
      if (step.blockedBy === null) return "Blocked";
      // An automatic or open gate is approved from the start: nobody is asked, its step only has to finish.
      return `Blocked (Step ${step.blockedBy.position} ${step.blockedBy.approved ? "still generating" : "unapproved"})`;
    case "GENERATING":
      return `${generatingWord(step.runStatus)} (${step.candidateCount}/${step.expectedCandidates} candidates)`;
    case "AWAITING_APPROVAL":
      if (!isActive(step.runStatus)) return `Not decided (${candidates(step.candidateCount)})`;
      if (step.signOffs) return `Awaiting Approval (${step.signOffs.given} of ${step.signOffs.required})`;
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

function generatingWord(status: RunStatus): string {
  if (isActive(status)) return "Generating";
  return status === "FAILED" ? "Failed" : "Stopped";
}

function candidates(count: number): string {
  return `${count} ${count === 1 ? "candidate" : "candidates"}`;
}

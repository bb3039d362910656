import type { GatePolicy, StepStatus } from "../gql/generated/graphql.ts";
import { capital } from "../lib/words.ts";
import type { StateIconKind } from "./state-icon.tsx";

const STATUS_ICON = {
  APPROVED: "done",
  AWAITING_APPROVAL: "paused",
  BLOCKED: "locked",
  GENERATING: "working",
  REJECTED: "stopped",
} as const satisfies Record<StepStatus, StateIconKind>;

/** The sign of a step. In a run that has ended nothing is locked, at work or waiting any more. */
export function stepIcon(status: StepStatus, runActive: boolean): StateIconKind {
  return runActive || status === "APPROVED" ? STATUS_ICON[status] : "stopped";
}

export interface StepActionInput {
  readonly status: StepStatus;
  readonly gate: GatePolicy;
  readonly runActive: boolean;
  readonly candidateCount: number;
}

export type StepAction = "approve" | "preview" | "none";

/** Which approval button a step has: to decide, only to look, or none (decided, blocked, or a gate no person opens). */
export function stepAction({ status, gate, runActive, candidateCount }: StepActionInput): StepAction {
  if (!runActive) return "none";
  if (status === "AWAITING_APPROVAL") return "approve";
  if (status === "GENERATING" && gate === "MANUAL" && candidateCount > 0) return "preview";
  return "none";
}

/** What "3/5 advancing" means, for the tooltip beside it. Behind the last step there is none to become parents in. */
export function advancingExplained(
  step: { readonly advancingCount: number; readonly candidateCount: number; readonly topKCount: number },
  lastStep: boolean,
): string {
  const { advancingCount, candidateCount, topKCount } = step;
  const one = advancingCount === 1;
  const fate = lastStep
    ? `${one ? "it is the winner" : "they are the winners"} of the run`
    : `${one ? "it becomes a parent" : "they become parents"} in the next step`;
  if (advancingCount >= candidateCount) {
    const who = one
      ? "The only candidate of this step advances"
      : `All ${candidateCount} candidates of this step advance`;
    return `${who}: ${fate}.`;
  }
  return (
    `${advancingCount} of this step's ${candidateCount} candidates ${one ? "advances" : "advance"}: the best by Elo when ` +
    `the step was approved with K=${topKCount}. ${capital(fate)}; the others stay visible${lastStep ? "" : " but get no children"}.`
  );
}

interface InOrder {
  readonly position: number;
  readonly status: StepStatus;
  /** Decided, or decided by nobody: then it only has to finish. */
  readonly approved: boolean;
}

/** What a step that is not reached yet waits for, such as "Waiting for Step 2 approval"; undefined where it does not. */
export function waitsFor(step: Pick<InOrder, "position" | "status">, steps: readonly InOrder[]): string | undefined {
  if (step.status !== "BLOCKED") return undefined;
  const before = steps.find(({ position, status }) => position < step.position && status !== "APPROVED");
  if (!before) return undefined;
  return before.approved
    ? `Waiting for Step ${before.position} to finish`
    : `Waiting for Step ${before.position} approval`;
}

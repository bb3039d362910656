import { Tooltip } from "@mantine/core";
import type { StepStatus } from "../gql/generated/graphql.ts";
import classes from "./step-marks.module.css";

export interface StepMark {
  readonly id: string;
  readonly position: number;
  readonly name: string;
  readonly status: StepStatus;
}

interface StepMarksProps {
  readonly steps: readonly StepMark[];
  /** The run has ended: what was not approved by then is neither made nor waited for any more. */
  readonly over?: boolean;
}

const STATE_WORDS = {
  APPROVED: "approved",
  AWAITING_APPROVAL: "awaiting approval",
  GENERATING: "generating",
  BLOCKED: "not started",
  REJECTED: "rejected",
} as const satisfies Record<StepStatus, string>;

/** A run at a glance: one mark for each step, coloured by its state, and the count of approved steps in words. */
export function StepMarks({ steps, over = false }: StepMarksProps) {
  const approved = steps.filter((step) => step.status === "APPROVED").length;
  const ended = (step: StepMark) => over && (step.status === "GENERATING" || step.status === "AWAITING_APPROVAL");
  const status = (step: StepMark) => (ended(step) ? undefined : step.status);
  const words = (step: StepMark) => (ended(step) ? "not approved" : STATE_WORDS[step.status]);
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-label="Approved steps"
      aria-valuemin={0}
      aria-valuemax={steps.length}
      aria-valuenow={approved}
      aria-valuetext={`${approved} of ${steps.length} steps approved`}
    >
      {steps.map((step) => (
        <Tooltip key={step.id} label={`Step ${step.position}, ${step.name}: ${words(step)}`}>
          <span className={classes.mark} data-status={status(step)} />
        </Tooltip>
      ))}
    </div>
  );
}

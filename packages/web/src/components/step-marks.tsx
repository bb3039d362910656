import { Tooltip } from "@mantine/core";
import type { StepStatus } from "../gql/generated/graphql.ts";
import classes from "./step-marks.module.css";

export interface StepMark {
  readonly id: string;
  readonly position: number;
  readonly name: string;
  readonly status: StepStatus;
}

const STATE_WORDS = {
  APPROVED: "approved",
  AWAITING_APPROVAL: "awaiting approval",
  GENERATING: "generating",
  BLOCKED: "not started",
  REJECTED: "rejected",
} as const satisfies Record<StepStatus, string>;

/** A run at a glance: one mark for each step, coloured by its state, and the count of approved steps in words. */
export function StepMarks({ steps }: { readonly steps: readonly StepMark[] }) {
  const approved = steps.filter((step) => step.status === "APPROVED").length;
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
        <Tooltip key={step.id} label={`Step ${step.position}, ${step.name}: ${STATE_WORDS[step.status]}`}>
          <span className={classes.mark} data-status={step.status} />
        </Tooltip>
      ))}
    </div>
  );
}

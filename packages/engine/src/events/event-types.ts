import type { AlertKind, RunStatus, StepStatus } from "../db/rows.ts";

/**
 * Every kind of event and what its `data` holds. Ids are database ids; `runStepId` is there whenever the event is
 * about one step, so that listeners can pick without reading more.
 */
export interface RunEventData {
  run_created: { pipelineId: number };
  /** The run began with the candidates of another, up to the step at `position`. */
  run_forked: { fromRunId: number; position: number };
  /** Somebody set what the run may spend; null is no limit. */
  run_budget_set: { maxJobs: number | null; maxCostUsd: number | null };
  /** The run's status changed; `reason` when it ended badly. */
  run_status_changed: { status: RunStatus; reason: string | null };
  step_status_changed: { runStepId: number; status: StepStatus };
  jobs_queued: { runStepId: number; count: number };
  job_started: { runStepId: number; jobId: number; attempt: number };
  job_progressed: { runStepId: number; jobId: number; progress: number; message: string | null };
  /** `retryAt` is null when the job is given up. */
  job_failed: { runStepId: number; jobId: number; error: string; retryAt: string | null };
  jobs_cancelled: { runStepId: number; count: number };
  jobs_retried: { runStepId: number; count: number };
  candidate_created: { runStepId: number; candidateId: number; jobId: number | null };
  /** `childSlots` are the children that were still to be made from it, and are not any more. */
  candidate_rejected: { runStepId: number; candidateId: number; replaced: boolean; childSlots: number };
  candidate_restored: { runStepId: number; candidateId: number };
  vote_cast: { runStepId: number; voteId: number; leftId: number; rightId: number };
  vote_undone: { runStepId: number; voteId: number; leftId: number; rightId: number };
  approval_requested: { runStepId: number; approvalId: number };
  approval_granted: { runStepId: number; approvalId: number; topK: number; advancing: number; comment: string | null };
  approval_rejected: { runStepId: number; approvalId: number; comment: string | null };
  /** Somebody approved a cut that needs more people: `signOffs` of `required` have approved this one now. */
  approval_signed_off: { runStepId: number; approvalId: number; signOffs: number; required: number };
  /** Somebody took that back; `signOffs` are left for the cut that has the most. */
  approval_sign_off_withdrawn: { runStepId: number; approvalId: number; signOffs: number; required: number };
  approval_cancelled: { runStepId: number; approvalId: number };
  /** The steps from `toRunStepId` to `runStepId` begin a new round; `round` is the one that ended for the latter. */
  step_sent_back: { runStepId: number; toRunStepId: number; round: number; comment: string; approvalId: number };
  /** The advancing set is fixed: by a decision, or because an automatic or open step settled. */
  gate_opened: { runStepId: number; advancing: number; topK: number };
  alert_raised: { runStepId: number | null; alertId: number; kind: AlertKind };
  /** It lasts: another rung of the ladder was reached, or a snooze has ended. `reminders` counts this one. */
  alert_reminded: { runStepId: number | null; alertId: number; kind: AlertKind; reminders: number };
  alert_acknowledged: { runStepId: number | null; alertId: number; kind: AlertKind };
  alert_snoozed: { runStepId: number | null; alertId: number; kind: AlertKind; until: string };
  /** Others were told, whom `to` names; by the step's policy where the event has no actor. */
  alert_escalated: {
    runStepId: number | null;
    alertId: number;
    kind: AlertKind;
    to: readonly string[];
    comment: string | null;
  };
  alert_resolved: { runStepId: number | null; alertId: number; kind: AlertKind };
  /** A webhook or an email was given up; why, without addresses, since whoever may look at a run reads it. */
  delivery_failed: { deliveryId: number; channel: "WEBHOOK" | "EMAIL"; error: string };
}

export type RunEventType = keyof RunEventData;

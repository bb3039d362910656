import type { AlertKind, RunStatus, StepStatus } from "../db/rows.ts";

/**
 * Every kind of event and what its `data` holds. Ids are database ids; `runStepId` is there whenever the event is
 * about one step, so that listeners can pick without reading more.
 */
export interface RunEventData {
  run_created: { pipelineId: number };
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
  candidate_rejected: { runStepId: number; candidateId: number; replaced: boolean };
  vote_cast: { runStepId: number; voteId: number; leftId: number; rightId: number };
  vote_undone: { runStepId: number; voteId: number; leftId: number; rightId: number };
  approval_requested: { runStepId: number; approvalId: number };
  approval_granted: { runStepId: number; approvalId: number; topK: number; advancing: number; comment: string | null };
  approval_rejected: { runStepId: number; approvalId: number; comment: string | null };
  approval_cancelled: { runStepId: number; approvalId: number };
  /** The advancing set is fixed: by a decision, or because an automatic or open step settled. */
  gate_opened: { runStepId: number; advancing: number; topK: number };
  alert_raised: { runStepId: number | null; alertId: number; kind: AlertKind };
  alert_acknowledged: { runStepId: number | null; alertId: number; kind: AlertKind };
  alert_resolved: { runStepId: number | null; alertId: number; kind: AlertKind };
}

export type RunEventType = keyof RunEventData;

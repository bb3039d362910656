/** What a diagnosis can find. */
export const DIAGNOSIS_CODES = [
  "WAITING_FOR_APPROVAL",
  "NOBODY_MAY_DECIDE",
  "NO_CANDIDATES",
  "POLICY_UNMET",
  "NO_WORKER",
  "NO_GENERATOR",
  "WORKER_BUSY",
  "GENERATION_STALLED",
  "GENERATION_FAILING",
  "BUDGET_EXHAUSTED",
  "RUN_BUDGET_SPENT",
  "FAILED_JOBS",
  "DELIVERIES_FAILING",
  "FAILED",
  "REJECTED",
  "ABORTED",
] as const;
export type DiagnosisCode = (typeof DIAGNOSIS_CODES)[number];

/** One reason why a run does not go on, and what to do about it. */
export interface Diagnosis {
  readonly code: DiagnosisCode;
  /** What is the matter, as a sentence for people. */
  readonly message: string;
  /** What to do about it, as a sentence for people. */
  readonly action: string;
  /** The step that it is about. */
  readonly runStepId: number | null;
  /** How long it has been so; null where that is not known. */
  readonly since: Date | null;
}

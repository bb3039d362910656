/** The words that the database's enums use. */
export type RunStatus = "RUNNING" | "WAITING_FOR_APPROVAL" | "COMPLETED" | "REJECTED" | "FAILED" | "ABORTED";
export type StepStatus = "BLOCKED" | "GENERATING" | "AWAITING_APPROVAL" | "APPROVED" | "REJECTED";
export type StepKind = "GENERATE" | "AGENT" | "APPROVAL";
export type GatePolicy = "MANUAL" | "AUTO" | "OPEN";
export type JobStatus = "QUEUED" | "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";
export type VoteOutcome = "LEFT" | "RIGHT" | "TIE" | "BOTH_BAD" | "SKIP";
export type AlertKind = "APPROVAL_STALLED" | "GENERATION_STALLED" | "GENERATION_FAILING";

/** A run that can still change. */
export function isActive(status: RunStatus): status is "RUNNING" | "WAITING_FOR_APPROVAL" {
  return status === "RUNNING" || status === "WAITING_FOR_APPROVAL";
}

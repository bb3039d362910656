export { assertMay, assertMayDecide, may, whyNot } from "./access.ts";
export { type Actor, CHANNELS, type Channel, RIGHTS, type Right, ROLES, type Role } from "./actor.ts";
export { abortRun } from "./commands/abort-run.ts";
export { applyDefinitions, applyPipelines } from "./commands/apply-pipelines.ts";
export { approveAllRemaining } from "./commands/approve-all-remaining.ts";
export { type ApproveStepInput, approveStep } from "./commands/approve-step.ts";
export type { CastVoteInput, CastVoteResult } from "./commands/cast-vote.ts";
export { checkStalls } from "./commands/check-stalls.ts";
export { type CreateRunInput, createRun, MAX_N } from "./commands/create-run.ts";
export { rejectCandidate } from "./commands/reject-candidate.ts";
export { rejectStep } from "./commands/reject-step.ts";
export { retryFailedJobs } from "./commands/retry-failed-jobs.ts";
export { undoVote } from "./commands/undo-vote.ts";
export { isBusy } from "./db/outage.ts";
export { type Queryable, queryable } from "./db/queryable.ts";
export type * from "./db/rows.ts";
export { isActive } from "./db/rows.ts";
export type { EngineDeps } from "./deps.ts";
export { createEngine, type Engine, type EngineOptions } from "./engine.ts";
export * from "./errors.ts";
export { type Changes, changes } from "./events/changes.ts";
export type { EventTail, TailEvent } from "./events/event-tail.ts";
export type { RunEventData, RunEventType } from "./events/event-types.ts";
export { live, liveEach } from "./events/live.ts";
export { type EventBatch, followRunLog, type LoggedEvent, parseCursor, readRunLog } from "./events/run-log.ts";
export type { AssetStore, StoredAsset } from "./jobs/asset-store.ts";
export {
  type GenerateContext,
  type Generated,
  type GenerateRequest,
  type Generator,
  GeneratorError,
  type Json,
  type ParentCandidate,
} from "./jobs/generator.ts";
export { migrateQueue } from "./jobs/queue-schema.ts";
export { resumeRuns } from "./jobs/recover-jobs.ts";
export { watchStalls } from "./jobs/stall-watch.ts";
export { startWorker, type Worker, type WorkerOptions } from "./jobs/worker.ts";
export type { AgentCatalog, GeneratorCatalog } from "./pipelines/catalogs.ts";
export { MAX_STEPS } from "./pipelines/document.ts";
export { parseDocument } from "./pipelines/parse-pipelines.ts";
export { seedPipelines } from "./pipelines/posters.ts";
export { nextPair, type VotingProgress, votingProgress } from "./queries/next-pair.ts";
export { type NextWork, nextWorkOf, type WorkMode } from "./queries/next-work.ts";
export { type ApprovalPreview, previewApproval } from "./queries/preview-approval.ts";
export type { Approvers, AutomaticPolicy, DecisionPolicy } from "./rules/decision-policy.ts";
export { gateOf } from "./rules/gate-of.ts";
export { compareRank, type Rankable, rankCandidates, topK } from "./rules/ranking.ts";
export { statusLabel } from "./rules/status-label.ts";

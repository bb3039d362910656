export { assertMay, assertMayDecide, type Decider, type GateToDecide, may, whyMayNotDecide, whyNot } from "./access.ts";
export {
  type Actor,
  type ActorKind,
  type ActorNow,
  CHANNELS,
  type Channel,
  RIGHTS,
  type Right,
  ROLES,
  type Role,
} from "./actor.ts";
export { isRankable } from "./advance/gates.ts";
export {
  AUDIT_TYPES,
  type AuditEntryContent,
  type AuditHead,
  type AuditRecord,
  type AuditType,
  auditHash,
  type BudgetChange,
  type BudgetLimits,
  CHAIN_START,
  type ChangedCandidate,
  type ImportedCandidate,
  parseAuditHead,
  type ShownCandidate,
} from "./audit/audit-entry.ts";
export { type AuditRow, auditHead, readAudit } from "./audit/read-audit.ts";
export { type AuditProblem, type AuditProblemKind, type AuditVerdict, verifyAudit } from "./audit/verify-audit.ts";
export { abortRun } from "./commands/abort-run.ts";
export { acknowledgeAlert } from "./commands/acknowledge-alert.ts";
export { applyDefinitions, applyPipelines } from "./commands/apply-pipelines.ts";
export { approveAllRemaining } from "./commands/approve-all-remaining.ts";
export { type ApproveStepInput, approveStep } from "./commands/approve-step.ts";
export { cancelJob } from "./commands/cancel-job.ts";
export type { CastVoteInput, CastVoteResult } from "./commands/cast-vote.ts";
export { checkStalls } from "./commands/check-stalls.ts";
export type { ClaimedJob, ClaimJobInput } from "./commands/claim-job.ts";
export { claimJobWithin } from "./commands/claim-job-within.ts";
export { type CompleteJobInput, completeLeasedJob } from "./commands/complete-leased-job.ts";
export { createDecisionLink } from "./commands/create-decision-link.ts";
export { type CreateRunInput, createRun } from "./commands/create-run.ts";
export { type CreateWebhookInput, createWebhook } from "./commands/create-webhook.ts";
export {
  type BulkDecision,
  type DecisionOutcome,
  decideApprovals,
  MAX_BULK,
} from "./commands/decide-approvals.ts";
export { type DecideByLinkInput, decideByLink } from "./commands/decide-by-link.ts";
export { MAX_COMMENT, MAX_REASON } from "./commands/decision-checks.ts";
export { deleteOldDeliveries } from "./commands/delete-old-deliveries.ts";
export { deleteWebhook } from "./commands/delete-webhook.ts";
export { escalateAlert } from "./commands/escalate-alert.ts";
export { type FailJobInput, failLeasedJob } from "./commands/fail-leased-job.ts";
export {
  applyOperatorFile,
  endForgottenFiles,
  type FollowedFile,
  followedFile,
  keepOperatorFile,
} from "./commands/follow-operator-file.ts";
export { type ForkRunInput, forkRun } from "./commands/fork-run.ts";
export { type HeartbeatInput, heartbeat } from "./commands/heartbeat.ts";
export { type ImportCandidatesInput, importCandidates } from "./commands/import-candidates.ts";
export { type CandidateToImport, MAX_IMPORT } from "./commands/import-input.ts";
export { rejectCandidate } from "./commands/reject-candidate.ts";
export { rejectStep } from "./commands/reject-step.ts";
export { replayDelivery, replayFailedDeliveries } from "./commands/replay-delivery.ts";
export { restoreCandidate } from "./commands/restore-candidate.ts";
export { retryFailedJobs } from "./commands/retry-failed-jobs.ts";
export { revokeDecisionLink } from "./commands/revoke-decision-link.ts";
export { rotateWebhookSecret } from "./commands/rotate-webhook-secret.ts";
export { type BudgetInput, MAX_N } from "./commands/run-input.ts";
export { type SendBackStepInput, sendBackStep } from "./commands/send-back-step.ts";
export { sendTestWebhook } from "./commands/send-test-webhook.ts";
export { setRunBudget } from "./commands/set-run-budget.ts";
export { snoozeAlert } from "./commands/snooze-alert.ts";
export { undoVote } from "./commands/undo-vote.ts";
export { type UpdateWebhookInput, updateWebhook } from "./commands/update-webhook.ts";
export { withdrawSignOff } from "./commands/withdraw-sign-off.ts";
export { actorNow } from "./db/actor-now.ts";
export { isBusy, isTimedOut } from "./db/outage.ts";
export { verifiedEmail } from "./db/policy-person.ts";
export { type Queryable, queryable } from "./db/queryable.ts";
export type * from "./db/rows.ts";
export { isActive } from "./db/rows.ts";
export type { EngineDeps } from "./deps.ts";
export { createEngine, type Engine, type EngineOptions, engineOn } from "./engine.ts";
export * from "./errors.ts";
export {
  ALERT_CHANGES,
  type AlertChange,
  type AlertChangeKind,
  type AlertCursor,
  alertCursorOf,
  alertLogEnd,
  followAlertLog,
  formatAlertCursor,
  isBefore,
  lastAlertChanges,
  parseAlertCursor,
} from "./events/alert-log.ts";
export { type Changes, changes } from "./events/changes.ts";
export { continueLog } from "./events/continue-log.ts";
export type { EventTail, TailEvent } from "./events/event-tail.ts";
export type { RunEventData, RunEventType } from "./events/event-types.ts";
export { live, liveEach } from "./events/live.ts";
export { type EventBatch, followRunLog, type LoggedEvent, parseCursor, readRunLog } from "./events/run-log.ts";
export type { AssetStore, StoredAsset } from "./jobs/asset-store.ts";
export { watchAutomaticGates } from "./jobs/automatic-gates.ts";
export {
  type Feedback,
  type GenerateContext,
  type Generated,
  type GenerateRequest,
  type Generator,
  GeneratorError,
  type GeneratorHealth,
  isUnwanted,
  JobStopped,
  type Json,
  type Lease,
  type ParentCandidate,
  type Preview,
  type Usage,
} from "./jobs/generator.ts";
export { fixedGenerators, type GeneratorSource } from "./jobs/generator-source.ts";
export { migrateQueue } from "./jobs/queue-schema.ts";
export { resumeRuns } from "./jobs/recover-jobs.ts";
export { watchStalls } from "./jobs/stall-watch.ts";
export { deleteUnusedAssets } from "./jobs/unused-assets.ts";
export { startWorker, type Worker, type WorkerOptions } from "./jobs/worker.ts";
export { RETRY_DELAYS } from "./notifications/backoff.ts";
export {
  type ClaimedDelivery,
  claimDeliveries,
  type Receiver,
  whyNotToSend,
} from "./notifications/claim-deliveries.ts";
export {
  linkForMessage,
  MAX_HOURS,
  type OpenedLink,
  openDecisionLink,
  whyLinkIsOver,
} from "./notifications/decision-links.ts";
export { beginFeed, feedHasNews } from "./notifications/event-feed.ts";
export type { Message, MessageData, MessageLinks } from "./notifications/message.ts";
export { NOTIFICATION_TYPES, type NotificationType, TEST_TYPE } from "./notifications/notification-types.ts";
export {
  type AttemptOutcome,
  cancelDelivery,
  type DeliveryState,
  recordAttempt,
} from "./notifications/record-attempt.ts";
export { runUrl } from "./notifications/run-url.ts";
export type { ReceiverGuard } from "./notifications/webhook-input.ts";
export { type Channel as NotificationChannel, FEED_OF, writeDeliveries } from "./notifications/write-deliveries.ts";
export type { Agent, AgentCatalog, GeneratorCatalog } from "./pipelines/catalogs.ts";
export { declaredInFiles } from "./pipelines/declared-in-files.ts";
export type { ApprovalTemplate, PipelineDefinition } from "./pipelines/definition.ts";
export { MAX_STEPS } from "./pipelines/document.ts";
export { parseDuration } from "./pipelines/duration.ts";
export {
  defineKind,
  type GeneratorKind,
  type GeneratorKindContext,
  GeneratorSettingsError,
} from "./pipelines/generator-kind.ts";
export { apiPipelinesJsonSchema, pipelinesJsonSchema } from "./pipelines/json-schema.ts";
export {
  checkPipelines,
  type ParsedDocument,
  type PipelineProblem,
  type PipelinesCheck,
  parseDocument,
} from "./pipelines/parse-pipelines.ts";
export { seedPipelines } from "./pipelines/posters.ts";
export type { DeclaredGenerator, OperatorOptions } from "./pipelines/resolve-generators.ts";
export { textsOfGenerators } from "./pipelines/yaml-source.ts";
export { type CountedSignOff, signOffsOf } from "./queries/counted-sign-offs.ts";
export { type DecisionTimes, decisionTimes, type WaitingTimes } from "./queries/decision-times.ts";
export { diagnose } from "./queries/diagnose.ts";
export { DIAGNOSIS_CODES, type Diagnosis, type DiagnosisCode } from "./queries/diagnosis.ts";
export {
  type InboxFilter,
  type InboxPage,
  type InboxPlace,
  inboxPage,
  whyNotDecide,
} from "./queries/inbox.ts";
export { nextPair } from "./queries/next-pair.ts";
export { type NextWork, nextWorkOf, type WorkMode } from "./queries/next-work.ts";
export { pipelineDocuments } from "./queries/pipeline-documents.ts";
export { type ApprovalPreview, previewApproval } from "./queries/preview-approval.ts";
export { type VoteBucket, votesOverTime } from "./queries/votes-over-time.ts";
export { votingProgress } from "./queries/voting-progress.ts";
export { MAX_ASSETS, MAX_TEXT_LENGTH } from "./rules/candidate-content.ts";
export { completed } from "./rules/completed.ts";
export type { Approvers, AutomaticPolicy, DecisionPolicy } from "./rules/decision-policy.ts";
export { DEFAULT_MAX_ROUNDS, quorumOf } from "./rules/decision-policy.ts";
export { gateOf } from "./rules/gate-of.ts";
export { givenUp } from "./rules/given-up.ts";
export { hasInvisible, nameKey, normalName } from "./rules/person-name.ts";
export { pictureType } from "./rules/picture-type.ts";
export { placeInFamily } from "./rules/place-in-family.ts";
export { policyInWords } from "./rules/policy-words.ts";
export { isPublicAddress } from "./rules/public-address.ts";
export { compareRank, type Rankable, rankCandidates, topK } from "./rules/ranking.ts";
export { roleInWords } from "./rules/role-words.ts";
export { SCOPE_RESOURCE, scopesOf } from "./rules/scopes.ts";
export { statusLabel } from "./rules/status-label.ts";

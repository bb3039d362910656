import type { GateToDecide } from "../access.ts";
import { anyRejected, rankableCandidates } from "../advance/gates.ts";
import { countingFor, cutOf, loadSignOffs, otherThan, type SignOff } from "../advance/sign-offs.ts";
import { childStepOf, loadSteps, type StepState } from "../advance/step-state.ts";
import {
  assertNothingInFlight,
  assertPreviousOpen,
  assertUndecided,
  gateToDecide,
  stepOf,
} from "../commands/decision-checks.ts";
import { type Queryable, queryable } from "../db/queryable.ts";
import type { LockedRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { DomainError, InvalidTopKError, NoCandidatesError, NotFoundError } from "../errors.ts";
import { type CandidateConfidence, type CutPair, confidenceLabel } from "../ratings/confidence.ts";
import { cutWarnings } from "../rules/cut-warnings.ts";
import { quorumOf } from "../rules/decision-policy.ts";
import { unmetEvidence } from "../rules/evidence.ts";
import { rankCandidates } from "../rules/ranking.ts";
import { otherCutsInWords } from "../rules/sign-off-words.ts";
import { confidenceNow } from "./confidence-now.ts";

/** What approving a step with a K would do now, and how sure the ranking is of it. */
export interface ApprovalPreview {
  readonly runStepId: number;
  readonly topK: number;
  readonly rankingVersion: number;
  /** Best first: the order that approval freezes. */
  readonly ranked: readonly (CandidateConfidence & { readonly rank: number; readonly willAdvance: boolean })[];
  readonly advancingCount: number;
  /** Why it cannot be approved, in words; empty when it can. */
  readonly blockers: readonly string[];
  readonly warnings: readonly string[];
  /** 0 once the step is decided. */
  readonly jobsToCreate: number;
  /** 0 to 1. */
  readonly topKConfidence: number;
  readonly confidenceLabel: string;
  readonly cutPair: CutPair | null;
  /** What the policy asks for and the ranking does not show, each as a sentence. Part of the blockers. */
  readonly unmet: readonly string[];
  /** That is all that blocks it: a reason given with the approval takes its place. */
  readonly needsOverride: boolean;
  /** How many different people have to approve the same cut. */
  readonly requiredSignOffs: number;
  /** How many have approved exactly this cut. */
  readonly signOffs: number;
  /** For `whyMayNotDecide`, which answers for one person. */
  readonly gate: GateToDecide;
}

/**
 * V6, G3–G5: the preview of an approval. Ranks with the same function as the approval itself.
 *
 * @param topK the step's own K where it is left out; a K below 1 is a blocker, since it is what the approver types
 * @throws NotFoundError
 */
export async function previewApproval(
  deps: EngineDeps,
  runStepId: number,
  topK?: number | null,
): Promise<ApprovalPreview> {
  const db = queryable(deps.pool);
  const run = await db.maybe<LockedRun>(
    `SELECT r.id, r.name, r.pipeline_id AS "pipelineId", r.status, r.event_seq AS "eventSeq",
            r.default_top_k AS "defaultTopK", r.max_children_per_node AS "maxChildrenPerNode",
            r.created_by_id AS "createdById", p.rating_model AS "ratingModel"
     FROM pipeline_run_steps rs JOIN pipeline_runs r ON r.id = rs.pipeline_run_id
     JOIN pipelines p ON p.id = r.pipeline_id WHERE rs.id = $1`,
    [runStepId],
  );
  if (!run) throw new NotFoundError("There is no such step.");
  // The version is read before the candidates: should they change in between, an approval of it is refused as stale.
  const steps = await loadSteps({ ...db, run });
  const step = stepOf(steps, runStepId);
  const ranked = rankCandidates(await rankableCandidates(db, step));

  // A decided step shows its decision, not what another K would have done.
  const decided = step.frozen;
  const k = decided ? step.topKCount : (topK ?? step.topKCount);
  const confidence = await confidenceNow(db, step.sourceId, ranked, Math.max(1, k));
  const { shown } = confidence;
  const willAdvance = shown.map(({ advancement }, place) =>
    decided ? advancement === "ADVANCING" : step.gate === "OPEN" || place < k,
  );
  const advancingCount = willAdvance.filter(Boolean).length;
  const child = childStepOf(steps, step.id);
  const gate = gateToDecide(run, step);
  const required = quorumOf(step.policy);
  const signOffs = required > 1 ? await pendingSignOffs(db, step) : [];
  const cut = cutOf(shown, k);
  const unmet = decided
    ? []
    : unmetEvidence(step.policy, {
        ranked: shown.map(({ elo, voteCount }) => ({ elo, votes: voteCount })),
        topK: k,
        topKConfidence: confidence.topKConfidence,
        othersRejected: await anyRejected(db, step),
      });
  const blockers = blockersOf(run, steps, step, ranked.length, k);
  return {
    runStepId,
    topK: k,
    rankingVersion: step.rankingVersion,
    ranked: confidence.perCandidate.map((candidate, place) => ({
      ...candidate,
      rank: place + 1,
      willAdvance: willAdvance[place] ?? false,
    })),
    advancingCount,
    blockers: [...blockers, ...unmet],
    warnings: decided ? [] : [...cutWarnings(shown, k), ...otherCutsInWords(otherThan(signOffs, gate, cut), k)],
    jobsToCreate: !decided && child && child.position === step.position + 1 ? advancingCount * child.maxChildren : 0,
    topKConfidence: confidence.topKConfidence,
    confidenceLabel: confidenceLabel(confidence.topKConfidence),
    cutPair: confidence.cutPair,
    unmet,
    needsOverride: blockers.length === 0 && unmet.length > 0,
    requiredSignOffs: required,
    signOffs: countingFor(signOffs, gate, cut).length,
    gate,
  };
}

async function pendingSignOffs(db: Queryable, step: StepState): Promise<SignOff[]> {
  const pending = await db.many<{ id: number }>(
    `SELECT id FROM approvals WHERE pipeline_run_step_id = $1 AND status = 'PENDING'`,
    [step.id],
  );
  return await loadSignOffs(
    db,
    pending.map(({ id }) => id),
  );
}

/** Everything that an approval with this K would be refused for, in the words of its errors. */
function blockersOf(
  run: LockedRun,
  steps: readonly StepState[],
  step: StepState,
  candidates: number,
  k: number,
): string[] {
  const checks = [
    () => assertUndecided(run, step),
    () => assertPreviousOpen(steps, step),
    () => assertNothingInFlight(steps, step),
    () => {
      if (candidates === 0 && step.inFlight === 0 && step.kind !== "APPROVAL" && step.status !== "BLOCKED")
        throw new NoCandidatesError(step.position);
    },
    () => {
      if (k < 1) throw new InvalidTopKError();
    },
  ];
  return checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof DomainError) return [error.message];
      throw error;
    }
  });
}

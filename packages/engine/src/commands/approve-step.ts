import { assertMayDecide } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { pendingRequest } from "../advance/approval-request.ts";
import { rankableCandidates } from "../advance/gates.ts";
import { grantApproval } from "../advance/grant-approval.ts";
import { addSignOff, countingFor, cutOf, jointComment, loadSignOffs, type SignOff } from "../advance/sign-offs.ts";
import { loadSteps, type StepState } from "../advance/step-state.ts";
import { signOffRecord } from "../audit/sign-off-record.ts";
import { actorNow } from "../db/actor-now.ts";
import { findRunId } from "../db/find-run.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { NoCandidatesError, StaleRankingError } from "../errors.ts";
import { type ApprovalSnapshot, approvalSnapshot } from "../queries/approval-snapshot.ts";
import { quorumOf } from "../rules/decision-policy.ts";
import {
  assertEvidence,
  assertNothingInFlight,
  assertPreviousOpen,
  assertRound,
  assertTopK,
  assertUndecided,
  checkComment,
  checkReason,
  gateToDecide,
  stepOf,
} from "./decision-checks.ts";

export interface ApproveStepInput {
  readonly runStepId: number;
  /** K; the run step's own where it is left out. */
  readonly topK?: number | null | undefined;
  readonly comment?: string | null | undefined;
  /** G7: what the approver saw. A ranking that is newer is refused. */
  readonly rankingVersion?: number | null | undefined;
  /** The round that the approver saw, from 1. Another one is refused. */
  readonly round?: number | null | undefined;
  /** Why the gate should open without the votes or the confidence that its policy asks for. */
  readonly overrideReason?: string | null | undefined;
  /** Work of the caller's that belongs to the decision, in its transaction: what it throws undoes all of it. */
  readonly also?: DecisionHook | undefined;
}

export type DecisionHook = (tx: RunTransaction, approvalId: number) => Promise<void>;

export interface StepApproved {
  readonly runId: number;
  readonly runStepId: number;
  readonly approvalId: number;
  /** False where more people have to approve the same cut first. */
  readonly opened: boolean;
  /** Number of the run's last event: a client that has seen that event has seen all of this. */
  readonly eventSeq: number;
}

/**
 * Approves a step: opens its gate, which freezes the K best candidates as the parents of the next step and queues that
 * step's jobs. Where the step's policy asks for several people, it records this one's sign-off, and opens the gate with
 * the last of them.
 *
 * @throws NotFoundError, ForbiddenError, InvalidInputError, InvalidTopKError, ApprovalFinalError, RunNotActiveError,
 *   PreviousStepUnapprovedError, StillGeneratingError, NoCandidatesError, StaleRankingError, StaleRoundError (G4–G7); PolicyUnmetError
 *   when votes or confidence are missing and no reason is given to go ahead without
 */
export async function approveStep(deps: EngineDeps, actor: Actor, input: ApproveStepInput): Promise<StepApproved> {
  const runId = await findRunId(deps, "step", input.runStepId);
  const comment = checkComment(input.comment);
  const reason = checkReason(input.overrideReason);
  return await withRun(deps, runId, actor, async (tx) => {
    const decider = await actorNow(tx, actor);
    const steps = await loadSteps(tx);
    const step = stepOf(steps, input.runStepId);
    assertMayDecide(decider, gateToDecide(tx.run, step));
    assertRound(step, input.round);
    const topK = input.topK ?? step.topKCount;
    assertTopK(topK);
    assertUndecided(tx.run, step);
    // Behind a gate that was open all the time, "still generating" says more than "not approved".
    if (step.kind === "APPROVAL" && step.status === "GENERATING") assertNothingInFlight(steps, step);
    assertPreviousOpen(steps, step);
    assertNothingInFlight(steps, step);
    const candidates = await rankableCandidates(tx, step);
    if (candidates.length === 0 && step.kind !== "APPROVAL") throw new NoCandidatesError(step.position);
    const seen = input.rankingVersion ?? null;
    if (seen !== null && seen !== step.rankingVersion) throw new StaleRankingError(seen, step.rankingVersion);

    const snapshot = await approvalSnapshot(tx, step, topK);
    const overrideReason = assertEvidence(step.policy, snapshot, reason);
    const consent = { topK, comment, snapshot, overrideReason };
    const signOffs = await signOff(tx, step, decider, consent);
    const opened = signOffs === null || signOffs.length >= quorumOf(step.policy);
    const approvalId = opened
      ? await grantApproval(tx, steps, step, {
          ...consent,
          actorId: decider.id,
          channel: decider.channel,
          notes: signOffs && jointComment(signOffs),
        })
      : await pendingRequest(tx, step);
    if (opened) await advanceRun(tx);
    await input.also?.(tx, approvalId);
    return { runId, runStepId: step.id, approvalId, opened, eventSeq: tx.run.eventSeq };
  });
}

/**
 * Records a sign-off where the policy asks for several people.
 *
 * @returns all that count for this cut now; null where one person's approval is enough
 */
async function signOff(
  tx: RunTransaction,
  step: StepState,
  actor: Actor,
  consent: {
    readonly topK: number;
    readonly comment: string | null;
    readonly snapshot: ApprovalSnapshot;
    readonly overrideReason: string | null;
  },
): Promise<SignOff[] | null> {
  const required = quorumOf(step.policy);
  if (required === 1) return null;
  const approvalId = await pendingRequest(tx, step);
  const cut = cutOf(consent.snapshot.ranked, consent.topK);
  const { comment, overrideReason } = consent;
  await addSignOff(tx, { ...cut, approvalId, actor, rankingVersion: step.rankingVersion, comment, overrideReason });
  tx.audit(signOffRecord(actor, step, { ...cut, approvalId, comment, overrideReason, snapshot: consent.snapshot }));
  const signOffs = countingFor(await loadSignOffs(tx, [approvalId]), gateToDecide(tx.run, step), cut);
  tx.emit("approval_signed_off", { runStepId: step.id, approvalId, signOffs: signOffs.length, required });
  return signOffs;
}

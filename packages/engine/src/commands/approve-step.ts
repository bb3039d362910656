import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { pendingRequest } from "../advance/approval-request.ts";
import { rankableCandidates } from "../advance/gates.ts";
import { grantApproval } from "../advance/grant-approval.ts";
import {
  addSignOff,
  countingFor,
  cutOf,
  jointComment,
  loadSignOffs,
  otherThan,
  type SignOff,
} from "../advance/sign-offs.ts";
import type { StepState } from "../advance/step-state.ts";
import { type Consent, signOffRecord } from "../audit/sign-off-record.ts";
import { findRunId } from "../db/find-run.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { NoCandidatesError } from "../errors.ts";
import { approvalSnapshot } from "../queries/approval-snapshot.ts";
import { warmDraws } from "../queries/warm-draws.ts";
import { quorumOf } from "../rules/decision-policy.ts";
import { approvalInWords, otherCutsInWords } from "../rules/sign-off-words.ts";
import {
  assertEvidence,
  assertNothingInFlight,
  assertPreviousOpen,
  assertRanking,
  assertTopK,
  assertUndecided,
  checkComment,
  checkReason,
  decidingStep,
  gateToDecide,
} from "./decision-checks.ts";
import type { DecisionHook } from "./decision-hook.ts";

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
  readonly also?: DecisionHook | undefined;
}

export interface StepApproved {
  readonly runId: number;
  readonly runStepId: number;
  readonly approvalId: number;
  /** False where more people have to approve the same cut first. */
  readonly opened: boolean;
  /** How many have approved this cut, this person included. */
  readonly signOffs: number;
  /** How many different people have to. */
  readonly requiredSignOffs: number;
  /** Where the gate stands now, and who approved another cut, as sentences. */
  readonly message: string;
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
  await warmDraws(deps, runId);
  return await withRun(deps, runId, actor, async (tx) => {
    const { decider, steps, step } = await decidingStep(tx, actor, input);
    const topK = input.topK ?? step.topKCount;
    assertTopK(topK);
    assertUndecided(tx.run, step);
    // Behind a gate that was open all the time, "still generating" says more than "not approved".
    if (step.kind === "APPROVAL" && step.status === "GENERATING") assertNothingInFlight(steps, step);
    assertPreviousOpen(steps, step);
    assertNothingInFlight(steps, step);
    const candidates = await rankableCandidates(tx, step);
    if (candidates.length === 0 && step.kind !== "APPROVAL") throw new NoCandidatesError(step.position);
    assertRanking(step, input.rankingVersion);

    const snapshot = await approvalSnapshot(tx, step, topK);
    const overrideReason = assertEvidence(step.policy, snapshot, reason);
    const consent = { ...cutOf(snapshot.ranked, topK), comment, snapshot, overrideReason };
    const requiredSignOffs = quorumOf(step.policy);
    const signed = requiredSignOffs > 1 ? await signOff(tx, step, decider, consent) : null;
    const waiting = signed && signed.counting.length < requiredSignOffs ? signed : null;
    const approvalId = waiting
      ? waiting.approvalId
      : await grantApproval(tx, steps, step, {
          topK,
          comment,
          snapshot,
          overrideReason,
          actorId: decider.id,
          channel: decider.channel,
          notes: signed && jointComment(signed.counting),
        });
    if (!waiting) await advanceRun(tx);
    await input.also?.(tx, approvalId);
    const opened = waiting === null;
    const signOffs = signed?.counting.length ?? 1;
    const others = otherCutsInWords(signed?.others ?? [], topK);
    const message = approvalInWords({ opened, signOffs, requiredSignOffs, others });
    const { eventSeq } = tx.run;
    return { runId, runStepId: step.id, approvalId, opened, signOffs, requiredSignOffs, message, eventSeq };
  });
}

/** Records a sign-off, with the request that waits for it: those that count for this cut now, and those of other cuts. */
async function signOff(
  tx: RunTransaction,
  step: StepState,
  actor: Actor,
  consent: Consent,
): Promise<{ approvalId: number; counting: SignOff[]; others: SignOff[] }> {
  const request = await pendingRequest(tx, step);
  const approvalId = request.id;
  await addSignOff(tx, { ...consent, approvalId, actor, rankingVersion: step.rankingVersion });
  tx.audit(signOffRecord(actor, step, request, consent));
  const all = await loadSignOffs(tx, [approvalId]);
  const gate = gateToDecide(tx.run, step);
  const counting = countingFor(all, gate, consent);
  const required = quorumOf(step.policy);
  tx.emit("approval_signed_off", { runStepId: step.id, approvalId, signOffs: counting.length, required });
  return { approvalId, counting, others: otherThan(all, gate, consent) };
}

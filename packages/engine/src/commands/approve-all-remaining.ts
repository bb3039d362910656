import { assertMayDecide } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { resolveAlerts } from "../advance/alerts.ts";
import { recordDecision } from "../advance/approval-request.ts";
import { rankableCandidates } from "../advance/gates.ts";
import { grantApproval } from "../advance/grant-approval.ts";
import { loadSteps, type StepState } from "../advance/step-state.ts";
import { actorNow } from "../db/actor-now.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { ApprovalFinalError, NoCandidatesError, PolicyUnmetError } from "../errors.ts";
import { approvalSnapshot } from "../queries/approval-snapshot.ts";
import { warmDraws } from "../queries/warm-draws.ts";
import { quorumOf } from "../rules/decision-policy.ts";
import {
  assertActive,
  assertEvidence,
  assertRanking,
  assertRound,
  assertTopK,
  checkComment,
  checkReason,
  gateToDecide,
} from "./decision-checks.ts";

export interface ApproveAllRemainingInput {
  readonly runId: number;
  /** K for each; every step's own where it is left out. */
  readonly topK?: number | null | undefined;
  /** G7: what was seen of the step whose gate comes next. A ranking that is newer is refused. */
  readonly rankingVersion?: number | null | undefined;
  /** The round that this step was seen in, from 1. Another one is refused. */
  readonly round?: number | null | undefined;
  readonly comment?: string | null | undefined;
  /** Why the gates should open without the votes or the confidence that their policies ask for. */
  readonly overrideReason?: string | null | undefined;
}

/**
 * G9: approves the step that waits and turns every later manual gate of the run automatic: all with the K that is
 * given, or each with its own. Each is recorded as decided by this person, now; what advances through the later ones is
 * fixed when they settle. So nobody can know yet what their votes and their confidence will be: where a policy asks for
 * them, it takes a reason. A gate that several people have to open cannot be decided by one, with or without a reason.
 *
 * @throws NotFoundError, ForbiddenError, InvalidInputError, InvalidTopKError, RunNotActiveError; ApprovalFinalError when
 *   no gate is left to decide; NoCandidatesError when the waiting step has none; StaleRankingError, StaleRoundError,
 *   PolicyUnmetError
 */
export async function approveAllRemaining(
  deps: EngineDeps,
  actor: Actor,
  input: ApproveAllRemainingInput,
): Promise<{ runId: number; eventSeq: number }> {
  const comment = checkComment(input.comment);
  const reason = checkReason(input.overrideReason);
  await warmDraws(deps, input.runId);
  return await withRun(deps, input.runId, actor, async (tx) => {
    const decider = await actorNow(tx, actor);
    const steps = await loadSteps(tx);
    const remaining = steps.filter((step) => !step.approved && step.status !== "REJECTED");
    for (const step of remaining) assertMayDecide(decider, gateToDecide(tx.run, step));
    const given = input.topK ?? null;
    if (given !== null) assertTopK(given);
    // G6 before G5: who comes second hears that the decisions are made, even where they ended the run.
    const [next] = remaining;
    const last = steps.at(-1);
    if (!next && last) throw new ApprovalFinalError(last.id);
    assertActive(tx.run);
    // Of the gates behind it there is nothing yet that anybody could have seen.
    if (next) assertRound(next, input.round);
    assertOneIsEnough(remaining);
    if (next) assertRanking(next, input.rankingVersion);

    for (const step of remaining) {
      const decision = { topK: given ?? step.topKCount, comment, actorId: decider.id, channel: decider.channel };
      if (step.status !== "AWAITING_APPROVAL") {
        await grantInAdvance(tx, step, { ...decision, overrideReason: assertForeseen(step, reason) });
        continue;
      }
      if (step.kind !== "APPROVAL" && (await rankableCandidates(tx, step)).length === 0) {
        throw new NoCandidatesError(step.position);
      }
      const snapshot = await approvalSnapshot(tx, step, decision.topK);
      const overrideReason = assertEvidence(step.policy, snapshot, reason);
      await grantApproval(tx, steps, step, { ...decision, snapshot, overrideReason });
    }
    await advanceRun(tx);
    return { runId: tx.run.id, eventSeq: tx.run.eventSeq };
  });
}

function assertOneIsEnough(steps: readonly StepState[]): void {
  const joint = steps.filter(({ policy }) => quorumOf(policy) > 1);
  if (joint.length === 0) return;
  throw new PolicyUnmetError(
    joint.map(({ position, name, policy }) => `Step ${position} (${name}) takes ${quorumOf(policy)} different people.`),
    { overridable: false, todo: "Approve the gates of this run one by one, so that each of them can." },
  );
}

/** @returns the reason where one was needed */
function assertForeseen({ position, name, policy }: StepState, reason: string | null): string | null {
  if (policy.minVotes === undefined && policy.minConfidence === undefined) return null;
  if (reason !== null) return reason;
  throw new PolicyUnmetError(
    [`Step ${position} (${name}) asks for votes or confidence that nobody can know before it is generated.`],
    { overridable: true, todo: "Approve its gate when it waits, or give a reason (overrideReason) to open it anyway." },
  );
}

/** Turns a gate automatic that nobody is asked about yet. */
async function grantInAdvance(
  tx: RunTransaction,
  step: StepState,
  grant: {
    readonly topK: number;
    readonly actorId: number;
    readonly channel: Actor["channel"];
    readonly comment: string | null;
    readonly overrideReason: string | null;
  },
): Promise<void> {
  const { topK, actorId, comment } = grant;
  await tx.query(
    `UPDATE pipeline_run_steps
     SET planned_top_k = coalesce(planned_top_k, top_k_count), top_k_count = $2, comment = $3, approved_by_id = $4,
       approved = true, approved_at = now(), gate = 'AUTO'
     WHERE id = $1`,
    [step.id, topK, comment, actorId],
  );
  const approvalId = await recordDecision(tx, step, {
    ...grant,
    status: "APPROVED",
    snapshot: null,
    policy: step.policy,
  });
  tx.emit("approval_granted", { runStepId: step.id, approvalId, topK, advancing: 0, comment });
  await resolveAlerts(tx, step.id, ["APPROVAL_STALLED"]);
}

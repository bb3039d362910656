import type { Actor } from "../actor.ts";
import { recordDecision } from "../advance/approval-request.ts";
import { endRun } from "../advance/run-status.ts";
import { findRunId } from "../db/find-run.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { approvalSnapshot } from "../queries/approval-snapshot.ts";
import { warmDraws } from "../queries/warm-draws.ts";
import { assertPreviousOpen, assertRanking, assertUndecided, checkComment, decidingStep } from "./decision-checks.ts";
import type { DecisionHook } from "./decision-hook.ts";

/**
 * G8: keeps a gate closed for good, which ends the run. A step may be rejected while it still generates. One person is
 * enough, however many it takes to approve.
 *
 * @throws NotFoundError, ForbiddenError, ApprovalFinalError, RunNotActiveError, PreviousStepUnapprovedError,
 *   StaleRankingError, StaleRoundError
 */
export async function rejectStep(
  deps: EngineDeps,
  actor: Actor,
  input: {
    readonly runStepId: number;
    readonly comment?: string | null | undefined;
    /** The round that was seen, from 1. Another one is refused. */
    readonly round?: number | null | undefined;
    /** G7: what was seen. A ranking that is newer is refused. */
    readonly rankingVersion?: number | null | undefined;
    readonly also?: DecisionHook | undefined;
  },
): Promise<{ runId: number; runStepId: number; approvalId: number; eventSeq: number }> {
  const runId = await findRunId(deps, "step", input.runStepId);
  const comment = checkComment(input.comment);
  await warmDraws(deps, runId);
  return await withRun(deps, runId, actor, async (tx) => {
    const { decider, steps, step } = await decidingStep(tx, actor, input);
    assertUndecided(tx.run, step);
    assertPreviousOpen(steps, step);
    assertRanking(step, input.rankingVersion);
    // While it generates there is no ranking yet that anybody could have looked at.
    const asked = step.status === "AWAITING_APPROVAL";
    const snapshot = asked ? await approvalSnapshot(tx, step, step.topKCount) : null;
    await tx.query(`UPDATE pipeline_run_steps SET status = 'REJECTED', comment = $2 WHERE id = $1`, [step.id, comment]);
    tx.emit("step_status_changed", { runStepId: step.id, status: "REJECTED" });
    const approvalId = await recordDecision(tx, step, {
      status: "REJECTED",
      actorId: decider.id,
      channel: decider.channel,
      comment,
      topK: null,
      snapshot,
      overrideReason: null,
      policy: step.policy,
    });
    tx.emit("approval_rejected", { runStepId: step.id, approvalId, comment });
    await endRun(tx, "REJECTED", comment);
    await input.also?.(tx, approvalId);
    return { runId, runStepId: step.id, approvalId, eventSeq: tx.run.eventSeq };
  });
}

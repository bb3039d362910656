import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { recordDecision } from "../advance/approval-request.ts";
import { beginRound } from "../advance/begin-round.ts";
import type { StepState } from "../advance/step-state.ts";
import { findRunId } from "../db/find-run.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError, TooManyRoundsError } from "../errors.ts";
import { approvalSnapshot } from "../queries/approval-snapshot.ts";
import { warmDraws } from "../queries/warm-draws.ts";
import { DEFAULT_MAX_ROUNDS, type DecisionPolicy } from "../rules/decision-policy.ts";
import {
  assertMayDecideAll,
  assertNothingInFlight,
  assertPreviousOpen,
  assertRanking,
  assertUndecided,
  checkComment,
  decidingStep,
} from "./decision-checks.ts";

export interface SendBackStepInput {
  /** The step whose gate waits. */
  readonly runStepId: number;
  /** The step that makes its candidates anew: that one, or one before it. */
  readonly toRunStepId: number;
  /** What should be different; its generators are given it. */
  readonly comment: string;
  /** The round that was seen, from 1. Another one is refused. */
  readonly round?: number | null | undefined;
  /** G7: what was seen. A ranking that is newer is refused. */
  readonly rankingVersion?: number | null | undefined;
}

/**
 * Keeps a gate closed without ending the run: the steps from the named one to this one begin a new round, and their
 * generators are given the comment. The decision is recorded with what was seen; candidates and votes of the round that
 * ends can still be looked at, but do not count.
 *
 * @throws NotFoundError, ForbiddenError, InvalidInputError (with the field), ApprovalFinalError, RunNotActiveError,
 *   PreviousStepUnapprovedError, StillGeneratingError, StaleRankingError, StaleRoundError; TooManyRoundsError when one
 *   of the steps has had all its rounds; NoCandidatesError when the named step has no parent left to generate from
 */
export async function sendBackStep(
  deps: EngineDeps,
  actor: Actor,
  input: SendBackStepInput,
): Promise<{ runId: number; runStepId: number; toRunStepId: number; eventSeq: number }> {
  const runId = await findRunId(deps, "step", input.runStepId);
  const comment = checkComment(input.comment);
  await warmDraws(deps, runId);
  return await withRun(deps, runId, actor, async (tx) => {
    const { decider, steps, step } = await decidingStep(tx, actor, input);
    if (comment === null) throw new InvalidInputError("Say in a comment what should be different.", "comment");
    const again = stepsToRepeat(steps, step, input.toRunStepId);
    // What others decided before is undone with it.
    assertMayDecideAll(decider, tx.run, again);
    assertUndecided(tx.run, step);
    assertPreviousOpen(steps, step);
    for (const each of again) assertNothingInFlight(steps, each);
    assertRoundsLeft(again, step);
    assertRanking(step, input.rankingVersion);

    const [to] = again;
    const approvalId = await recordDecision(tx, step, {
      status: "SENT_BACK",
      actorId: decider.id,
      channel: decider.channel,
      comment,
      topK: null,
      snapshot: await approvalSnapshot(tx, step, step.topKCount),
      overrideReason: null,
      policy: step.policy,
      sentBackTo: to.position,
    });
    tx.emit("step_sent_back", {
      runStepId: step.id,
      toRunStepId: to.id,
      round: step.round,
      comment,
      approvalId,
    });
    await beginRound(tx, steps, again);
    await advanceRun(tx);
    return { runId, runStepId: step.id, toRunStepId: to.id, eventSeq: tx.run.eventSeq };
  });
}

/** Each of the steps begins another round, so each has to have one left. Names the last that has not. */
function assertRoundsLeft(again: readonly StepState[], step: StepState): void {
  const spent = again.findLast(({ round, policy }) => round >= maxRoundsOf(policy));
  if (spent) throw new TooManyRoundsError(spent.position, maxRoundsOf(spent.policy), step.position);
}

function maxRoundsOf(policy: DecisionPolicy): number {
  return policy.maxRounds ?? DEFAULT_MAX_ROUNDS;
}

/** The steps from the one that is named to the one that is decided. */
function stepsToRepeat(
  steps: readonly StepState[],
  step: StepState,
  toRunStepId: number,
): readonly [StepState, ...StepState[]] {
  const to = steps.find(({ id }) => id === toRunStepId);
  if (!to) throw new InvalidInputError("A step can only be sent back to a step of its own run.", "toStepId");
  if (to.position > step.position) {
    throw new InvalidInputError(
      `Step ${to.position} comes after step ${step.position}. Send it back to itself or to a step before it.`,
      "toStepId",
    );
  }
  if (to.kind === "APPROVAL") {
    const maker = steps.find(({ id }) => id === to.sourceId);
    throw new InvalidInputError(
      `Step ${to.position} (${to.name}) makes nothing. Send it back to a step that does${
        maker ? `, such as step ${maker.position} (${maker.name})` : ""
      }.`,
      "toStepId",
    );
  }
  return [to, ...steps.slice(to.position, step.position)];
}

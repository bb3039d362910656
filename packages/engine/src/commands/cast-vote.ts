import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import { isActive, type VoteOutcome } from "../db/rows.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { DomainError, DuplicateVoteError, InvalidInputError, NotFoundError, StepClosedError } from "../errors.ts";
import { rerate } from "./rerate.ts";
import { batcher } from "./vote-batch.ts";

export interface CastVoteInput {
  /** The candidate that was shown on the left. */
  readonly leftId: number;
  readonly rightId: number;
  readonly outcome: VoteOutcome;
}

export interface CastVoteResult {
  readonly voteId: number;
  readonly runStepId: number;
  readonly leftId: number;
  readonly rightId: number;
}

interface Ballot extends CastVoteInput {
  readonly voter: Actor;
  readonly runStepId: number;
}

/**
 * Returns the command that records one comparison and rates the step anew. Votes that arrive for a run while another
 * of its transactions is in flight are committed together: one lock, one refit per step, each caller answered after
 * the commit.
 *
 * The command throws NotFoundError, ForbiddenError, InvalidInputError, DuplicateVoteError, StepClosedError (V2).
 */
export function voteCaster(deps: EngineDeps): (actor: Actor, input: CastVoteInput) => Promise<CastVoteResult> {
  const submit = batcher<number, Ballot, CastVoteResult>((runId, ballots) => castBatch(deps, runId, ballots));
  return async (actor, input) => {
    assertMay(actor, "VOTE");
    const { runId, runStepId } = await findStep(deps, input);
    return await submit(runId, { ...input, voter: actor, runStepId });
  };
}

/** A candidate's step and run never change, so what only needs those is checked before the lock. */
async function findStep(deps: EngineDeps, input: CastVoteInput): Promise<{ runId: number; runStepId: number }> {
  const found = await queryable(deps.pool).many<{ runId: number; runStepId: number }>(
    `SELECT pipeline_run_id AS "runId", pipeline_run_step_id AS "runStepId" FROM candidates WHERE id IN ($1, $2)`,
    [input.leftId, input.rightId],
  );
  if (found.length === 0) throw new NotFoundError("There is no such candidate.");
  if (input.leftId === input.rightId)
    throw new InvalidInputError("A candidate cannot be compared with itself.", "rightId");
  const [left, right] = found;
  if (!left || !right) throw new NotFoundError("There is no such candidate.");
  if (left.runStepId !== right.runStepId) {
    throw new InvalidInputError("Both candidates must belong to the same step of the same run.", "rightId");
  }
  return left;
}

async function castBatch(
  deps: EngineDeps,
  runId: number,
  ballots: readonly Ballot[],
): Promise<(CastVoteResult | DomainError)[]> {
  return await withRun(deps, runId, null, async (tx) => {
    const refusals = await refusalsOf(tx, ballots);
    const results: (CastVoteResult | DomainError)[] = [];
    const votesPerStep = new Map<number, number>();
    for (const [index, ballot] of ballots.entries()) {
      const result = refusals[index] ?? (await insertVote(tx, ballot));
      results.push(result);
      if (result instanceof DomainError) continue;
      votesPerStep.set(ballot.runStepId, (votesPerStep.get(ballot.runStepId) ?? 0) + 1);
    }
    for (const [runStepId, votes] of votesPerStep) await rerate(tx, runStepId, votes);
    return results;
  });
}

async function insertVote(tx: RunTransaction, ballot: Ballot): Promise<CastVoteResult | DomainError> {
  const vote = await tx.maybe<{ id: number }>(
    `INSERT INTO votes (pipeline_run_step_id, left_id, right_id, outcome, voter_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [ballot.runStepId, ballot.leftId, ballot.rightId, ballot.outcome, ballot.voter.id],
  );
  if (!vote) return new DuplicateVoteError(await standingVote(tx, ballot));
  const { runStepId, leftId, rightId } = ballot;
  tx.emit("vote_cast", { runStepId, voteId: vote.id, leftId, rightId }, ballot.voter);
  return { voteId: vote.id, runStepId, leftId, rightId };
}

/** Told with the refusal: whoever lost the answer to a vote and sends it again can still take it back. */
async function standingVote(tx: RunTransaction, { leftId, rightId, voter }: Ballot): Promise<number> {
  const { id } = await tx.one<{ id: number }>(
    `SELECT id FROM votes WHERE voter_id = $3 AND revoked_at IS NULL
       AND LEAST(left_id, right_id) = LEAST($1::int, $2::int) AND GREATEST(left_id, right_id) = GREATEST($1::int, $2::int)`,
    [leftId, rightId, voter.id],
  );
  return id;
}

/** V2, under the lock: why each ballot does not count, or nothing. */
async function refusalsOf(tx: RunTransaction, ballots: readonly Ballot[]): Promise<(DomainError | undefined)[]> {
  const states = await tx.many<{ id: number; active: boolean; over: boolean; frozen: boolean; position: number }>(
    `SELECT c.id, c.status = 'ACTIVE' AS active, c.round < rs.round AS over, rs.frozen_at IS NOT NULL AS frozen, rs.position
     FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id WHERE c.id = ANY($1)`,
    [ballots.flatMap(({ leftId, rightId }) => [leftId, rightId])],
  );
  const byId = new Map(states.map((state) => [state.id, state]));
  return ballots.map(({ leftId, rightId }) => {
    const left = byId.get(leftId);
    const right = byId.get(rightId);
    if (!left || !right) return new NotFoundError("There is no such candidate.");
    if (!isActive(tx.run.status)) return new StepClosedError(`Run #${tx.run.id} has ended: votes no longer count.`);
    if (left.over || right.over) {
      return new StepClosedError(`Step ${left.position} was sent back: votes of an earlier round no longer count.`);
    }
    if (left.frozen) return new StepClosedError(`Step ${left.position} is decided: votes no longer count.`);
    if (!left.active || !right.active) {
      return new InvalidInputError(
        "One of the two was rejected meanwhile. Take the next pair.",
        left.active ? "rightId" : "leftId",
      );
    }
    return undefined;
  });
}

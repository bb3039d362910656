import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { findRunId } from "../db/find-run.ts";
import { isActive } from "../db/rows.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { ForbiddenError, NotFoundError, StepClosedError } from "../errors.ts";
import { rerate } from "./rerate.ts";

/**
 * V3: takes a vote of one's own back, so that the pair can be judged again. The log keeps it, marked.
 *
 * @throws NotFoundError (also when it was taken back before), ForbiddenError, StepClosedError after the decision
 */
export async function undoVote(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly voteId: number },
): Promise<{ runStepId: number; leftId: number; rightId: number }> {
  assertMay(actor, "VOTE");
  const runId = await findRunId(deps, "vote", input.voteId);
  return await withRun(deps, runId, actor, async (tx) => {
    const vote = await tx.one<{
      leftId: number;
      rightId: number;
      runStepId: number;
      voterId: number;
      revoked: boolean;
      over: boolean;
      frozen: boolean;
    }>(
      `SELECT v.left_id AS "leftId", v.right_id AS "rightId", v.pipeline_run_step_id AS "runStepId", v.voter_id AS "voterId",
              v.revoked_at IS NOT NULL AS revoked, c.round < rs.round AS over, rs.frozen_at IS NOT NULL AS frozen
       FROM votes v JOIN pipeline_run_steps rs ON rs.id = v.pipeline_run_step_id
       JOIN candidates c ON c.id = v.left_id WHERE v.id = $1`,
      [input.voteId],
    );
    if (vote.voterId !== actor.id) throw new ForbiddenError("Only the person who cast a vote can take it back.");
    if (vote.revoked) throw new NotFoundError("This vote was taken back already.");
    if (vote.over) throw new StepClosedError("The step was sent back: votes of an earlier round stay as they are.");
    if (vote.frozen || !isActive(tx.run.status)) {
      throw new StepClosedError("The step is decided: its votes stay as they are.");
    }
    await tx.query(`UPDATE votes SET revoked_at = now() WHERE id = $1`, [input.voteId]);
    tx.emit("vote_undone", {
      runStepId: vote.runStepId,
      voteId: input.voteId,
      leftId: vote.leftId,
      rightId: vote.rightId,
    });
    await rerate(tx, vote.runStepId, 1);
    return { runStepId: vote.runStepId, leftId: vote.leftId, rightId: vote.rightId };
  });
}

import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { expectMore } from "../advance/gates.ts";
import { cancelJobs } from "../advance/run-status.ts";
import { childStepOf } from "../advance/step-state.ts";
import { changedCandidateRecord } from "../audit/change-record.ts";
import { findRunId } from "../db/find-run.ts";
import { isActive } from "../db/rows.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { StepClosedError } from "../errors.ts";
import { assertRoundGoesOn, candidateToDecide, stepToChange } from "./candidate-checks.ts";

/**
 * G13: takes a candidate out. Before the decision its slot is free again, and a replacement is made unless `replace`
 * is false. After it, the candidate stops being a parent: its queued children are cancelled, running ones finish,
 * and nothing takes its place. Rejecting it again changes nothing.
 *
 * Either way it changes what comes through, so it takes somebody who may decide the gates that rank it (G12), and is
 * recorded like a decision.
 *
 * @throws NotFoundError, ForbiddenError, StepClosedError when the run has ended or the candidate's round is over
 */
export async function rejectCandidate(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly candidateId: number; readonly replace?: boolean | null | undefined },
): Promise<{ candidateId: number; runStepId: number }> {
  assertMay(actor, "DECIDE");
  const runId = await findRunId(deps, "candidate", input.candidateId);
  return await withRun(deps, runId, actor, async (tx) => {
    const { decider, candidate } = await candidateToDecide(tx, actor, input.candidateId);
    const result = { candidateId: input.candidateId, runStepId: candidate.runStepId };
    if (candidate.status === "REJECTED") return result;
    const { steps, step } = await stepToChange(tx, decider, candidate);
    if (!isActive(tx.run.status))
      throw new StepClosedError(`Run #${runId} has ended: its candidates stay as they are.`);
    assertRoundGoesOn(step, candidate);
    const child = childStepOf(steps, step.id);
    await tx.query(
      `UPDATE candidates SET status = 'REJECTED', rejected_at = now(), open_slots = 0,
         advancement = CASE WHEN advancement = 'ADVANCING' THEN 'NOT_ADVANCING' ELSE advancement END
       WHERE id = $1`,
      [input.candidateId],
    );
    await tx.query(`UPDATE pipeline_run_steps SET ranking_version = ranking_version + 1 WHERE id = $1`, [step.id]);
    const cancelled = await cancelJobs(tx, { parentId: input.candidateId, status: "QUEUED" });
    const childSlots = cancelled.reduce((sum, { count }) => sum + count, candidate.openSlots);
    if (child) await expectMore(tx, child, -childSlots);

    const replaced = !step.frozen && (input.replace ?? true) && (await freeSlot(tx, candidate.parentId, step.id));
    if (!step.frozen && !replaced) await expectMore(tx, step, -1);
    tx.emit("candidate_rejected", { runStepId: step.id, candidateId: input.candidateId, replaced, childSlots });
    tx.audit(
      changedCandidateRecord("candidate_rejected", decider, step, {
        id: input.candidateId,
        replaced,
        afterDecision: step.frozen,
      }),
    );
    await advanceRun(tx);
    return result;
  });
}

/** @returns false when its owner gets no more children: the parent is out itself */
async function freeSlot(
  tx: Parameters<Parameters<typeof withRun>[3]>[0],
  parentId: number | null,
  runStepId: number,
): Promise<boolean> {
  const freed = parentId
    ? await tx.query(
        `UPDATE candidates SET open_slots = open_slots + 1 WHERE id = $1 AND status = 'ACTIVE' AND advancement = 'ADVANCING'`,
        [parentId],
      )
    : await tx.query(`UPDATE pipeline_run_steps SET open_slots = open_slots + 1 WHERE id = $1`, [runStepId]);
  return freed > 0;
}

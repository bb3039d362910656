import { assertMayDecide } from "../access.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { rankableCandidates } from "../advance/gates.ts";
import { grantApproval } from "../advance/grant-approval.ts";
import { loadSteps, type StepState } from "../advance/step-state.ts";
import { findRunId } from "../db/find-run.ts";
import { type Queryable, queryable } from "../db/queryable.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { approvalSnapshot } from "../queries/approval-snapshot.ts";
import { confidenceNow } from "../queries/confidence-now.ts";
import { type Evidence, missingForAutomatic } from "../rules/evidence.ts";
import { rankCandidates } from "../rules/ranking.ts";
import { gateToDecide, stepOf } from "./decision-checks.ts";

/** Votes that come between the look and the lock make it look again: at the next one, if they keep coming. */
const ATTEMPTS = 3;

export interface AutomaticOutcome {
  readonly opened: boolean;
  /** What is missing, each as a sentence; empty where the gate does not wait for a decision. */
  readonly missing: readonly string[];
}

/**
 * Opens a gate that waits by its automatic policy, with the step's K, where the ranking shows what the policy asks for.
 * It is recorded as decided by the policy, with what it saw. Time alone never opens a gate: only votes do. Safe to
 * call at any time and from several processes: a gate opens once.
 *
 * @throws NotFoundError
 */
export async function applyAutomaticPolicy(deps: EngineDeps, runStepId: number): Promise<AutomaticOutcome> {
  const runId = await findRunId(deps, "step", runStepId);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Outside the lock, since the posterior of many candidates takes up to a second; votes go on meanwhile.
    const before = await look(queryable(deps.pool), runId, runStepId);
    if (!before.waits || before.missing.length > 0) return { opened: false, missing: before.missing };
    const opened = await withRun(deps, runId, null, async (tx) => {
      const steps = await loadSteps(tx);
      const step = stepOf(steps, runStepId);
      if (!waits(step)) return false;
      if (step.rankingVersion !== before.rankingVersion) return undefined;
      assertMayDecide("POLICY", gateToDecide(tx.run, step));
      // The draws of this version are cached by now.
      const snapshot = await approvalSnapshot(tx, step, step.topKCount);
      if (missingForAutomatic(step.policy, snapshot).length > 0) return false;
      await grantApproval(tx, steps, step, {
        topK: step.topKCount,
        actorId: null,
        channel: "POLICY",
        comment: null,
        snapshot: { ...snapshot, automatic: step.policy.automatic },
        overrideReason: null,
      });
      await advanceRun(tx);
      return true;
    });
    if (opened !== undefined) return { opened, missing: [] };
  }
  return { opened: false, missing: ["The ranking changes too fast to be judged."] };
}

function waits({ status, policy }: StepState): boolean {
  return status === "AWAITING_APPROVAL" && policy.automatic !== undefined;
}

async function look(
  db: Queryable,
  runId: number,
  runStepId: number,
): Promise<{ waits: boolean; missing: readonly string[]; rankingVersion: number }> {
  const step = stepOf(await loadSteps({ ...db, run: { id: runId } }), runStepId);
  const { rankingVersion } = step;
  if (!waits(step)) return { waits: false, missing: [], rankingVersion };
  const ranked = rankCandidates(await rankableCandidates(db, step));
  const evidence = (topKConfidence: number): Omit<Evidence, "othersRejected"> => ({
    ranked: ranked.map(({ elo, voteCount }) => ({ elo, votes: voteCount })),
    topK: step.topKCount,
    topKConfidence,
  });
  // Most of the time votes are missing, which costs nothing to see.
  const apart = missingForAutomatic(step.policy, evidence(1));
  if (apart.length > 0) return { waits: true, missing: apart, rankingVersion };
  const { topKConfidence } = await confidenceNow(db, step.sourceId, ranked, step.topKCount);
  return { waits: true, missing: missingForAutomatic(step.policy, evidence(topKConfidence)), rankingVersion };
}

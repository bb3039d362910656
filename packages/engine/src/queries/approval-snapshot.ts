import { anyRejected, rankableCandidates } from "../advance/gates.ts";
import type { StepState } from "../advance/step-state.ts";
import type { RunTransaction } from "../db/run-transaction.ts";
import { cutConfidence } from "../ratings/confidence.ts";
import { cutWarnings } from "../rules/cut-warnings.ts";
import { rankCandidates } from "../rules/ranking.ts";
import { drawsOf } from "./posterior-cache.ts";

/** What an approver saw, kept with the approval. */
export interface ApprovalSnapshot {
  readonly rankingVersion: number;
  readonly topK: number;
  /** Best first. */
  readonly ranked: readonly {
    readonly id: number;
    readonly elo: number;
    readonly votes: number;
    readonly chanceInTopK: number;
  }[];
  readonly topKConfidence: number;
  /** People took candidates out of this round. */
  readonly othersRejected: boolean;
  readonly warnings: readonly string[];
}

/** The state of a ranking under the run's lock, in the moment of the decision. */
export async function approvalSnapshot(tx: RunTransaction, step: StepState, k: number): Promise<ApprovalSnapshot> {
  const ranked = rankCandidates(await rankableCandidates(tx, step));
  const { draws } = await drawsOf(tx, step.sourceId);
  const confidence = cutConfidence(
    draws,
    ranked.map(({ id }) => id),
    k,
  );
  return {
    rankingVersion: step.rankingVersion,
    topK: k,
    ranked: ranked.map(({ id, elo, voteCount }, place) => ({
      id,
      elo,
      votes: voteCount,
      chanceInTopK: confidence.perCandidate[place]?.chanceInTopK ?? 0,
    })),
    topKConfidence: confidence.topKConfidence,
    othersRejected: await anyRejected(tx, step),
    warnings: cutWarnings(ranked, k),
  };
}

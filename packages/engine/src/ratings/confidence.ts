import { requireK } from "../rules/ranking.ts";
import { ELO_PER_LOGIT } from "./elo-scale.ts";
import { kthLargest } from "./kth-largest.ts";
import type { PosteriorDraws } from "./posterior.ts";

/** V6: Settled from 95 %, Likely from 80 %, else Provisional. */
export type ConfidenceLabel = "Settled" | "Likely" | "Provisional";

export interface CutConfidence {
  /** 0 to 1: the chance that the candidates shown as the top K are the K best. */
  topKConfidence: number;
  label: ConfidenceLabel;
  /** In the order that was shown. */
  perCandidate: CandidateConfidence[];
  /** The last that advances and the first that does not; null when all advance. */
  cutPair: CutPair | null;
}

export interface CandidateConfidence {
  id: number;
  /** Elo: the rating is this far from the true one at most, 95 times in 100 (1.96 standard deviations). */
  plusMinus: number;
  /** 0 to 1. */
  chanceInTopK: number;
}

export interface CutPair {
  insideId: number;
  outsideId: number;
  /** 0 to 1. */
  chanceInsideIsBetter: number;
}

/** Two-sided 95 % of a normal distribution. */
const Z_95 = 1.96;

/**
 * V6: how sure the cut after the first K of `order` is. `order` is what the approver sees, best first: the active
 * candidates, each of them among the draws. Candidates that are drawn but not in the order (rejected ones) inform the
 * draws and compete for no place.
 *
 * The draws are of the Bradley–Terry posterior whichever model made the order; where a pipeline's Elo orders
 * differently, that shows as low confidence. With K at least the number of candidates there is nothing to choose, and
 * the answer is certain; without any candidate there is nothing to be sure of, and it is 0.
 *
 * Costs one pass over the draws: 1 ms for 16 candidates, 19 ms for 500 and more.
 *
 * @throws RangeError when K is not a whole number of at least 1, or when `order` names a candidate
 * twice or one that was not drawn
 */
export function cutConfidence(draws: PosteriorDraws, order: readonly number[], k: number): CutConfidence {
  requireK(k);
  const columns = columnsOf(draws, order);
  const advancing = Math.min(k, order.length);
  const tally = tallyDraws(draws, columns, advancing);
  const topKConfidence = order.length === 0 ? 0 : tally.shownIsTop / draws.count;
  return {
    topKConfidence,
    label: confidenceLabel(topKConfidence),
    perCandidate: order.map((id, place) => ({
      id,
      plusMinus: Z_95 * ELO_PER_LOGIT * draws.deviation[columns[place]!]!,
      chanceInTopK: tally.inTop[place]! / draws.count,
    })),
    cutPair:
      advancing === order.length
        ? null
        : {
            insideId: order[advancing - 1]!,
            outsideId: order[advancing]!,
            chanceInsideIsBetter: tally.insideIsBetter / draws.count,
          },
  };
}

export function confidenceLabel(topKConfidence: number): ConfidenceLabel {
  if (topKConfidence >= 0.95) return "Settled";
  return topKConfidence >= 0.8 ? "Likely" : "Provisional";
}

/**
 * How many draws agree with the shown order: on the set of the first K, on each one's place in it, and on the pair at
 * the cut.
 */
function tallyDraws(draws: PosteriorDraws, columns: Int32Array, k: number) {
  const tally = { shownIsTop: 0, inTop: new Float64Array(columns.length), insideIsBetter: 0 };
  if (columns.length === 0) return tally;
  const sample = new Float64Array(columns.length);
  const scratch = new Float64Array(columns.length);
  for (let s = 0; s < draws.count; s++) {
    const start = s * draws.ids.length;
    for (let place = 0; place < columns.length; place++) sample[place] = draws.values[start + columns[place]!]!;
    scratch.set(sample);
    const threshold = kthLargest(scratch, k);
    let shown = 0;
    for (let place = 0; place < columns.length; place++) {
      if (sample[place]! < threshold) continue;
      tally.inTop[place]! += 1;
      if (place < k) shown += 1;
    }
    if (shown === k) tally.shownIsTop += 1;
    if (k < columns.length && sample[k - 1]! > sample[k]!) tally.insideIsBetter += 1;
  }
  return tally;
}

function columnsOf(draws: PosteriorDraws, order: readonly number[]): Int32Array {
  const columnOf = new Map(draws.ids.map((id, column) => [id, column]));
  if (new Set(order).size < order.length) throw new RangeError("The order names a candidate twice");
  return Int32Array.from(order, (id) => {
    const column = columnOf.get(id);
    if (column !== undefined) return column;
    throw new RangeError(`Candidate ${id} is in the order but not in the draws: draw over all candidates of the step`);
  });
}

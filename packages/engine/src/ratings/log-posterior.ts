import { rowStart } from "./cholesky.ts";
import type { PairCounts } from "./pair-counts.ts";

/**
 * The Bradley–Terry posterior over strengths θ (logits). The chance that i beats j is σ(θi − θj); each θi has the
 * prior N(0, 1), and with w wins of n votes on a pair
 *
 *     log p(θ)  =  Σ pairs [ w·log σ(d) + (n − w)·log σ(−d) ]  −  ½ Σ θi²          d = θfirst − θsecond
 *
 * Source: Bradley & Terry 1952, Biometrika 39; the prior as in Caron & Doucet 2012, with a normal in place of a gamma
 * so that the Elo scale is symmetric. Without it an undefeated candidate would be rated infinite, and groups never
 * compared could not be placed.
 */
const PRIOR_PRECISION = 1;

export function logPosterior(counts: PairCounts, theta: Float64Array): number {
  let sum = 0;
  for (const value of theta) sum -= (PRIOR_PRECISION / 2) * value * value;
  for (let p = 0; p < counts.total.length; p++) {
    const d = theta[counts.first[p]!]! - theta[counts.second[p]!]!;
    // log σ(d) = min(d, 0) − log(1 + e^−|d|), and log σ(−d) is d less: neither overflows.
    const losses = counts.total[p]! - counts.wins[p]!;
    sum += counts.total[p]! * (Math.min(d, 0) - Math.log1p(Math.exp(-Math.abs(d)))) - losses * d;
  }
  return sum;
}

/** ∂ log p / ∂θ: per candidate, wins less the wins expected, less the pull of the prior. Zero at the optimum. */
export function gradient(counts: PairCounts, theta: Float64Array): Float64Array {
  const slope = Float64Array.from(theta, (value) => -PRIOR_PRECISION * value);
  for (let p = 0; p < counts.total.length; p++) {
    const i = counts.first[p]!;
    const j = counts.second[p]!;
    const surprise = counts.wins[p]! - counts.total[p]! * sigmoid(theta[i]! - theta[j]!);
    slope[i]! += surprise;
    slope[j]! -= surprise;
  }
  return slope;
}

/**
 * H = −∂² log p / ∂θ² as it is stored: `weights[p]` = n·σ(d)·σ(−d) is minus the entry of pair p; `diagonal` is the
 * prior plus the weights of a candidate's pairs.
 */
export function precisionWeights(
  counts: PairCounts,
  theta: Float64Array,
): { diagonal: Float64Array; weights: Float64Array } {
  const diagonal = new Float64Array(theta.length).fill(PRIOR_PRECISION);
  const weights = new Float64Array(counts.total.length);
  for (let p = 0; p < weights.length; p++) {
    const i = counts.first[p]!;
    const j = counts.second[p]!;
    const chance = sigmoid(theta[i]! - theta[j]!);
    weights[p] = counts.total[p]! * chance * (1 - chance);
    diagonal[i]! += weights[p]!;
    diagonal[j]! += weights[p]!;
  }
  return { diagonal, weights };
}

/** H·x, in time proportional to the pairs that were compared. */
export function precisionProduct(
  counts: PairCounts,
  diagonal: Float64Array,
  weights: Float64Array,
  x: Float64Array,
): Float64Array {
  const product = x.map((value, i) => value * diagonal[i]!);
  for (let p = 0; p < weights.length; p++) {
    const i = counts.first[p]!;
    const j = counts.second[p]!;
    product[i]! -= weights[p]! * x[j]!;
    product[j]! -= weights[p]! * x[i]!;
  }
  return product;
}

/** H as a packed lower triangle (`cholesky.ts`). Positive definite, by the prior. */
export function hessian(counts: PairCounts, theta: Float64Array): Float64Array {
  const { diagonal, weights } = precisionWeights(counts, theta);
  const matrix = new Float64Array(rowStart(theta.length));
  diagonal.forEach((value, i) => {
    matrix[rowStart(i) + i] = value;
  });
  for (let p = 0; p < weights.length; p++) matrix[rowStart(counts.second[p]!) + counts.first[p]!]! -= weights[p]!;
  return matrix;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

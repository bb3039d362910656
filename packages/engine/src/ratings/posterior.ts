import { denseLaplace, type Laplace, sparseLaplace } from "./laplace.ts";
import { countPairs } from "./pair-counts.ts";
import type { PairVote } from "./pair-vote.ts";
import { seededRandom, standardNormal } from "./seeded-random.ts";

const DRAWS = 2000;
const DRAWS_BEYOND_DENSE = 500;
const DENSE_LIMIT = 500;

/**
 * Samples of the posterior. They depend on the votes and the seed alone: make them once per ranking version, then ask
 * for any K.
 */
export interface PosteriorDraws {
  /** Every candidate given or voted on, smallest id first. */
  ids: readonly number[];
  /** How many samples there are. */
  count: number;
  /** Logits, sample after sample: that of candidate `ids[i]` in sample s is at `s * ids.length + i`. */
  values: Float64Array;
  /** Standard deviation of each strength, in logits. */
  deviation: Float64Array;
}

/**
 * V6: seeded samples of the posterior over all candidates of a step; pass the rejected ones too. The same votes and
 * seed give the same samples, in whatever order votes and ids come. `seed` is a whole number from 0.
 *
 * 2,000 samples up to 500 candidates, from a dense factorisation; beyond, 500 samples without one (the sampling error
 * of a chance is then at most ±4.4 percentage points, 95 %). Measured, with 10 to 25 votes for each: 3 ms at 16
 * candidates, 15 ms at 64, 60 ms at 150, 0.6 s at 500, 1.4 s at 2,000 (where the factorisation alone would take 1.6 s).
 * Keep it off the path of a vote.
 *
 * @throws RangeError for a vote of a candidate against itself
 */
export function posteriorDraws(
  candidateIds: readonly number[],
  votes: readonly PairVote[],
  seed: number,
): PosteriorDraws {
  const counts = countPairs(candidateIds, votes);
  const n = counts.ids.length;
  const laplace = n <= DENSE_LIMIT ? denseLaplace(counts) : sparseLaplace(counts);
  const count = n <= DENSE_LIMIT ? DRAWS : DRAWS_BEYOND_DENSE;
  const normal = standardNormal(seededRandom(seed));
  const values = new Float64Array(count * n);
  for (let s = 0; s < count; s++) laplace.draw(values.subarray(s * n, (s + 1) * n), normal);
  return { ids: counts.ids, count, values, deviation: laplace.deviation ?? sampledDeviation(values, laplace) };
}

/** Around the known centre; within 3 % for 500 samples, which ± does not show. */
function sampledDeviation(values: Float64Array, { theta }: Laplace): Float64Array {
  const n = theta.length;
  const squares = new Float64Array(n);
  for (let at = 0; at < values.length; at++) squares[at % n]! += (values[at]! - theta[at % n]!) ** 2;
  return squares.map((sum) => Math.sqrt((sum * n) / values.length));
}

import { leftShare, type PairVote } from "./pair-vote.ts";

/**
 * A vote log reduced to what Bradley–Terry needs of it: per pair that was compared, how often and how it went. Memory
 * grows with the pairs that were compared, not with all n(n-1)/2. Pair p compares the candidates at index `first[p]`
 * < `second[p]`.
 */
export interface PairCounts {
  /** Every candidate once, smallest id first. All other arrays of candidates are in this order. */
  ids: readonly number[];
  /** Votes per candidate that count (LEFT, RIGHT, TIE). */
  voteCount: Int32Array;
  first: Int32Array;
  second: Int32Array;
  /** Wins of the first of the pair; a tie adds ½. Halves are exact in binary, so the order of adding cannot show. */
  wins: Float64Array;
  /** Votes on the pair. */
  total: Float64Array;
}

/**
 * Counts the votes over the given candidates **and** every candidate a vote names: beating a candidate that was
 * rejected since still says something. Ids and pairs are sorted, so equal logs give equal counts whatever the order
 * of votes or ids.
 *
 * @throws RangeError for a vote of a candidate against itself
 */
export function countPairs(candidateIds: readonly number[], votes: readonly PairVote[]): PairCounts {
  const all = new Set(candidateIds);
  for (const { leftId, rightId } of votes) all.add(leftId).add(rightId);
  const ids = [...all].sort((a, b) => a - b);
  const indexOf = new Map(ids.map((id, index) => [id, index]));

  const voteCount = new Int32Array(ids.length);
  const pairs = new Map<number, { wins: number; total: number }>();
  for (const vote of votes) {
    const share = leftShare(vote);
    if (share === null) continue;
    const left = indexOf.get(vote.leftId)!;
    const right = indexOf.get(vote.rightId)!;
    voteCount[left]! += 1;
    voteCount[right]! += 1;
    const key = Math.min(left, right) * ids.length + Math.max(left, right);
    const pair = pairs.get(key) ?? { wins: 0, total: 0 };
    pair.wins += left < right ? share : 1 - share;
    pair.total += 1;
    if (pair.total === 1) pairs.set(key, pair);
  }

  const keys = [...pairs.keys()].sort((a, b) => a - b);
  return {
    ids,
    voteCount,
    first: Int32Array.from(keys, (key) => Math.floor(key / ids.length)),
    second: Int32Array.from(keys, (key) => key % ids.length),
    wins: Float64Array.from(keys, (key) => pairs.get(key)!.wins),
    total: Float64Array.from(keys, (key) => pairs.get(key)!.total),
  };
}

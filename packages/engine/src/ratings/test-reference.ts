import { leftShare, type PairVote } from "./pair-vote.ts";

/**
 * The posterior of `log-posterior.ts` written a second time, as plainly as possible and over full matrices, so that
 * the tests compare the real thing with something that shares no code with it. Candidates are 1..n.
 */
export function referenceGradient(theta: readonly number[], votes: readonly PairVote[]): number[] {
  const slope = theta.map((value) => -value);
  for (const vote of votes) {
    const share = leftShare(vote);
    if (share === null) continue;
    const [i, j] = [vote.leftId - 1, vote.rightId - 1];
    const chance = 1 / (1 + Math.exp(theta[j]! - theta[i]!));
    slope[i]! += share - chance;
    slope[j]! -= share - chance;
  }
  return slope;
}

export function referenceHessian(theta: readonly number[], votes: readonly PairVote[]): number[][] {
  const matrix = theta.map((_, i) => theta.map((_, j) => (i === j ? 1 : 0)));
  for (const vote of votes) {
    if (leftShare(vote) === null) continue;
    const [i, j] = [vote.leftId - 1, vote.rightId - 1];
    const chance = 1 / (1 + Math.exp(theta[j]! - theta[i]!));
    const weight = chance * (1 - chance);
    matrix[i]![i]! += weight;
    matrix[j]![j]! += weight;
    matrix[i]![j]! -= weight;
    matrix[j]![i]! -= weight;
  }
  return matrix;
}

/** Undamped Newton with a matrix inverse: right for the even records of the tests, where no step overshoots. */
export function referenceFit(n: number, votes: readonly PairVote[]): number[] {
  let theta = new Array<number>(n).fill(0);
  for (let round = 0; round < 12; round++) {
    const slope = referenceGradient(theta, votes);
    const covariance = invert(referenceHessian(theta, votes));
    theta = theta.map((value, i) => value + covariance[i]!.reduce((sum, entry, j) => sum + entry * slope[j]!, 0));
  }
  return theta;
}

/** Gauss–Jordan with row pivoting. */
export function invert(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column; i < n; i++) if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const lead = rows[column]!.map((value) => value / rows[column]![column]!);
    rows[column] = lead;
    for (let i = 0; i < n; i++) {
      if (i === column) continue;
      const factor = rows[i]![column]!;
      rows[i] = rows[i]!.map((value, j) => value - factor * lead[j]!);
    }
  }
  return rows.map((row) => row.slice(n));
}

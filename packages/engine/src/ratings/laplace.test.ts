import { describe, expect, it } from "vitest";
import { denseLaplace, type Laplace, sparseLaplace } from "./laplace.ts";
import { countPairs } from "./pair-counts.ts";
import { invert, referenceFit, referenceHessian } from "./test-reference.ts";
import { idsUpTo, simulateVotes } from "./test-votes.ts";

const N = 9;
const votes = simulateVotes([1.5, 1, 0.5, 0.2, 0, -0.2, -0.5, -1, -1.5], 60, 3);
const counts = countPairs(idsUpTo(N), votes);
const theta = referenceFit(N, votes);
const covariance = invert(referenceHessian(theta, votes));

/**
 * The covariance of the draws, without drawing: a draw is θ + A·z with z standard normal, feeding in the unit vectors
 * gives the columns of A, and the covariance is A·Aᵀ.
 */
function covarianceOf(laplace: Laplace, inputs: number): number[][] {
  const result = theta.map(() => theta.map(() => 0));
  for (let unit = 0; unit < inputs; unit++) {
    let asked = 0;
    const sample = new Float64Array(N);
    laplace.draw(sample, () => (asked++ === unit ? 1 : 0));
    expect(asked).toBe(inputs);
    const column = sample.map((value, i) => value - laplace.theta[i]!);
    for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) result[i]![j]! += column[i]! * column[j]!;
  }
  return result;
}

describe("V6: the Laplace posterior has its full covariance, the inverse of H", () => {
  it.each([
    ["dense", denseLaplace(counts), N, 9],
    ["sparse", sparseLaplace(counts), N + counts.total.length, 3],
  ] as const)("%s", (_, laplace, inputs, digits) => {
    covarianceOf(laplace, inputs).forEach((row, i) => {
      row.forEach((value, j) => {
        expect(value).toBeCloseTo(covariance[i]![j]!, digits);
      });
    });
    expect(covariance[0]![1]).toBeGreaterThan(0.01); // or the test could not tell a full covariance from a diagonal one
  });

  it("is centred on the optimum, with the exact deviations where they are known", () => {
    const dense = denseLaplace(counts);
    theta.forEach((value, i) => {
      expect(dense.theta[i]).toBeCloseTo(value, 9);
      expect(dense.deviation![i]).toBeCloseTo(Math.sqrt(covariance[i]![i]!), 9);
    });
  });
});

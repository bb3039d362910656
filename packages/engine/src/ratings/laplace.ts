import { fitBradleyTerry } from "./bradley-terry.ts";
import { factorInPlace, solveLower, solveUpper } from "./cholesky.ts";
import { conjugateGradient } from "./conjugate-gradient.ts";
import { hessian, precisionProduct, precisionWeights } from "./log-posterior.ts";
import type { PairCounts } from "./pair-counts.ts";

/**
 * The Laplace approximation of the posterior: normal around the optimum θ, with the full covariance H⁻¹. The
 * covariance matters: a vote between i and j shrinks the doubt about their difference, which error bars taken one by
 * one do not show.
 */
export interface Laplace {
  /** Logits, in the order of `counts.ids`. */
  theta: Float64Array;
  /** Standard deviation of each strength, in logits; or null where only samples can tell. */
  deviation: Float64Array | null;
  /** Fills `sample` with one draw, from as many standard normal numbers as it asks for. */
  draw(sample: Float64Array, normal: () => number): void;
}

/** Exact, by the Cholesky factor L of H: n³/3 multiplications once, then n²/2 for each draw; n²/2 numbers of memory. */
export function denseLaplace(counts: PairCounts): Laplace {
  const theta = fitBradleyTerry(counts);
  const factor = hessian(counts, theta);
  factorInPlace(factor, theta.length);

  // H⁻¹ = L⁻ᵀ·L⁻¹, so its diagonal holds the squared lengths of the columns of L⁻¹.
  const deviation = theta.map((_, i) => {
    const column = new Float64Array(theta.length);
    column[i] = 1;
    solveLower(factor, column, i);
    return Math.sqrt(column.reduce((sum, value) => sum + value * value, 0));
  });

  return {
    theta,
    deviation,
    draw(sample, normal) {
      for (let i = 0; i < sample.length; i++) sample[i] = normal();
      solveUpper(factor, sample); // L⁻ᵀ·z has the covariance L⁻ᵀ·L⁻¹
      for (let i = 0; i < sample.length; i++) sample[i]! += theta[i]!;
    },
  };
}

/** Of the residual. A draw that is off by a thousandth of a standard deviation is as good a draw. */
const DRAW_TOLERANCE = 1e-3;

/**
 * The same distribution without a dense matrix, at a cost that grows with the pairs compared: H is the prior plus one
 * term w·(eᵢ−eⱼ)(eᵢ−eⱼ)ᵀ per pair, so b = z + Σ √w·z·(eᵢ−eⱼ) has the covariance H, and H⁻¹·b has H⁻¹. Source:
 * Papandreou & Yuille 2010, "Gaussian sampling by local perturbations".
 */
export function sparseLaplace(counts: PairCounts): Laplace {
  const theta = fitBradleyTerry(counts);
  const { diagonal, weights } = precisionWeights(counts, theta);
  const spread = weights.map(Math.sqrt);
  return {
    theta,
    deviation: null,
    draw(sample, normal) {
      for (let i = 0; i < sample.length; i++) sample[i] = normal();
      for (let p = 0; p < spread.length; p++) {
        const push = spread[p]! * normal();
        sample[counts.first[p]!]! += push;
        sample[counts.second[p]!]! -= push;
      }
      const offset = conjugateGradient(
        (x) => precisionProduct(counts, diagonal, weights, x),
        diagonal,
        sample,
        DRAW_TOLERANCE,
      );
      for (let i = 0; i < sample.length; i++) sample[i] = theta[i]! + offset[i]!;
    },
  };
}

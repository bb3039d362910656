import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factorInPlace, rowStart, solveLower, solveUpper } from "./cholesky.ts";
import { conjugateGradient } from "./conjugate-gradient.ts";
import { kthLargest } from "./kth-largest.ts";
import { seededRandom } from "./seeded-random.ts";
import { invert } from "./test-reference.ts";

/** B·Bᵀ + I for a random B. */
function positiveDefinite(n: number): number[][] {
  const random = seededRandom(n);
  const b = Array.from({ length: n }, () => Array.from({ length: n }, () => random() - 0.5));
  return b.map((row, i) => b.map((other, j) => row.reduce((sum, v, k) => sum + v * other[k]!, i === j ? 1 : 0)));
}

describe.each([1, 2, 17])("a system of %i equations", (n) => {
  const matrix = positiveDefinite(n);
  const b = Float64Array.from({ length: n }, (_, i) => i + 1);
  const expected = invert(matrix).map((row) => row.reduce((sum, value, j) => sum + value * b[j]!, 0));

  it("is solved by Cholesky", () => {
    const factor = new Float64Array(rowStart(n));
    matrix.forEach((row, i) => {
      factor.set(row.slice(0, i + 1), rowStart(i));
    });
    factorInPlace(factor, n);
    const x = b.slice();
    solveLower(factor, x);
    solveUpper(factor, x);
    expected.forEach((value, i) => {
      expect(x[i]).toBeCloseTo(value, 9);
    });
  });

  it("is solved by conjugate gradients", () => {
    const product = (x: Float64Array) =>
      Float64Array.from(matrix, (row) => row.reduce((sum, value, j) => sum + value * x[j]!, 0));
    const diagonal = Float64Array.from(matrix, (row, i) => row[i]!);
    const x = conjugateGradient(product, diagonal, b, 1e-13);
    expected.forEach((value, i) => {
      expect(x[i]).toBeCloseTo(value, 9);
    });
    expect([...conjugateGradient(product, diagonal, new Float64Array(n), 1e-13)]).toEqual(new Array(n).fill(0));
  });
});

describe("factorInPlace", () => {
  it("refuses a matrix that is not positive definite, and names the pivot", () => {
    expect(() => factorInPlace(Float64Array.from([1, 2, 1]), 2)).toThrow("pivot 1 is -3");
    expect(() => factorInPlace(Float64Array.from([Number.NaN]), 1)).toThrow("pivot 0 is NaN");
  });
});

describe("kthLargest", () => {
  it("is the one that sorting finds, with values that repeat", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        (values, at) => {
          const k = (at % values.length) + 1;
          expect(kthLargest(Float64Array.from(values), k)).toBe(values.toSorted((a, b) => b - a)[k - 1]);
        },
      ),
    );
  });
});

/**
 * Cholesky factorisation A = L·Lᵀ of a symmetric positive definite matrix. Matrices are the lower triangle, packed by
 * rows: entry (i, j ≤ i) is at `rowStart(i) + j`. Half the memory of a square, and every inner loop below runs along
 * a row.
 */
export function rowStart(i: number): number {
  return (i * (i + 1)) / 2;
}

/**
 * Replaces the packed matrix by its factor L, in n³/6 multiplications.
 *
 * @throws RangeError when the matrix is not positive definite
 */
export function factorInPlace(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const rowI = rowStart(i);
    for (let j = 0; j <= i; j++) {
      const rowJ = rowStart(j);
      let sum = matrix[rowI + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[rowI + k]! * matrix[rowJ + k]!;
      if (j < i) {
        matrix[rowI + j] = sum / matrix[rowJ + j]!;
        continue;
      }
      if (!(sum > 0)) throw new RangeError(`The matrix is not positive definite: pivot ${i} is ${sum}`);
      matrix[rowI + i] = Math.sqrt(sum);
    }
  }
}

/** Solves L·y = b in place. Where b is zero before index `from`, so is y, and that part is skipped. */
export function solveLower(factor: Float64Array, b: Float64Array, from = 0): void {
  for (let i = from; i < b.length; i++) {
    const row = rowStart(i);
    let sum = b[i]!;
    for (let k = from; k < i; k++) sum -= factor[row + k]! * b[k]!;
    b[i] = sum / factor[row + i]!;
  }
}

/** Solves Lᵀ·x = b in place. */
export function solveUpper(factor: Float64Array, b: Float64Array): void {
  for (let i = b.length - 1; i >= 0; i--) {
    const row = rowStart(i);
    const x = b[i]! / factor[row + i]!;
    b[i] = x;
    for (let k = 0; k < i; k++) b[k]! -= factor[row + k]! * x;
  }
}

/**
 * Solves A·x = b for a symmetric positive definite A that is only known by its products, preconditioned by A's
 * diagonal, until the residual is `tolerance` times as long as b. Source: Shewchuk 1994, "An Introduction to the
 * Conjugate Gradient Method", B3.
 */
export function conjugateGradient(
  product: (x: Float64Array) => Float64Array,
  diagonal: Float64Array,
  b: Float64Array,
  tolerance: number,
): Float64Array {
  const x = new Float64Array(b.length);
  const residual = b.slice();
  const direction = b.map((value, i) => value / diagonal[i]!);
  const scaled = direction.slice();
  let rho = dot(residual, scaled);
  const enough = tolerance ** 2 * dot(b, b);

  // In exact arithmetic n rounds are enough; twice that leaves room for rounding, and an unfinished answer is still a
  // descent step.
  for (let round = 0; round < 2 * b.length && dot(residual, residual) > enough; round++) {
    const image = product(direction);
    const length = rho / dot(direction, image);
    for (let i = 0; i < b.length; i++) {
      x[i]! += length * direction[i]!;
      residual[i]! -= length * image[i]!;
      scaled[i] = residual[i]! / diagonal[i]!;
    }
    const next = dot(residual, scaled);
    const keep = next / rho;
    rho = next;
    for (let i = 0; i < b.length; i++) direction[i] = scaled[i]! + keep * direction[i]!;
  }
  return x;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

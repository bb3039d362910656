/**
 * The k-th largest of the values, 1 ≤ k ≤ values.length, by quickselect in time linear in their number. **Reorders
 * the values.** Source: Hoare 1961, Algorithm 65 (FIND).
 */
export function kthLargest(values: Float64Array, k: number): number {
  const target = k - 1;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! > pivot) left++;
      while (values[right]! < pivot) right--;
      if (left > right) break;
      const swapped = values[left]!;
      values[left++] = values[right]!;
      values[right--] = swapped;
    }
    // Everything up to `right` is at least the pivot, everything from `left` on at most, and what is between equals it.
    if (target <= right) high = right;
    else if (target >= left) low = left;
    else return pivot;
  }
  return values[target]!;
}

/** One row: a name, and the median, 90th and 99th percentile and maximum of milliseconds. */
export function row(name: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1);
  return [name.padEnd(48), ...[0.5, 0.9, 0.99, 1].map((share) => at(share).padStart(8))].join("");
}

export const HEADER = ["".padEnd(48), ...["p50", "p90", "p99", "max"].map((each) => each.padStart(8))].join("");

const UNITS = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

/** A span of time for people, in its two largest units: "24 hours", "1 hour 30 minutes", "3 days 2 hours". */
export function spokenDuration(seconds: number): string {
  let left = Math.max(0, Math.round(seconds));
  // People count the first two days in hours.
  const units = left < 2 * 86_400 ? UNITS.slice(1) : UNITS;
  const words: string[] = [];
  for (const [size, unit] of units) {
    const count = Math.floor(left / size);
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
    left -= count * size;
  }
  return words.slice(0, 2).join(" ") || "0 seconds";
}

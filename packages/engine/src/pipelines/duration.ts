const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
/** A year: beyond it somebody mistook the unit. */
const LONGEST = 366 * SECONDS.d;

/** A number with a unit. */
export const DURATION = /^\s*(\d{1,9}(?:\.\d{1,6})?)\s*([smhd])\s*$/;

/**
 * Reads a span of time: a number of seconds, or a number with a unit (`"30s"`, `"30m"`, `"4h"`, `"2d"`).
 *
 * @returns whole seconds, from 1; or nothing, when it is not such a span or longer than a year
 */
export function parseDuration(value: string | number): number | undefined {
  if (typeof value === "number") return inRange(value);
  const match = DURATION.exec(value);
  if (!match) return undefined;
  return inRange(Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS]);
}

function inRange(value: number): number | undefined {
  const seconds = Math.round(value);
  return seconds >= 1 && seconds <= LONGEST ? seconds : undefined;
}

/** A span of whole seconds as documents write it: with the largest unit that it is a whole number of. */
export function spokenSeconds(seconds: number): string {
  const [unit, size] = Object.entries(SECONDS).findLast(([, size]) => seconds % size === 0) ?? ["s", 1];
  return `${seconds / size}${unit}`;
}

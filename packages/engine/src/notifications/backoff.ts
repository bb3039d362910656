const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long after each failed attempt the next one is, in milliseconds: ten attempts within about two days. */
export const RETRY_DELAYS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
];

/** The longest that a receiver may ask us to wait. */
const MAX_ASKED = 24 * HOUR;

/**
 * When to try again. Up to a fifth is added by chance, so that a receiver that comes back is not met by everything at once.
 *
 * @param attempt how many there were, from 1
 * @param options.asked what the receiver asked for (`Retry-After`): never sooner than planned, never later than a day
 * @returns milliseconds; null when it is given up
 */
export function retryDelay(
  attempt: number,
  options: { readonly delays: readonly number[]; readonly asked: number | null; readonly random?: () => number },
): number | null {
  const planned = options.delays[attempt - 1];
  if (planned === undefined) return null;
  const spread = planned * (1 + 0.2 * (options.random ?? Math.random)());
  return Math.round(Math.max(spread, Math.min(options.asked ?? 0, MAX_ASKED)));
}

/**
 * A share as a percentage with one decimal. Rounded down, so that what is short of a threshold never reads as having
 * reached it.
 *
 * @param share 0 to 1
 */
export function percent(share: number): number {
  return Math.floor(share * 1_000 + 1e-9) / 10;
}

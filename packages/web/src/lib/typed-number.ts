/** What stands in a number field: a number, or text where it is none (yet), such as "" or "-". */
export type TypedNumber = number | string;

/** The API's own limit, `MAX_N`. */
export const MAX_N = 100;
/** More than any step has candidates; beyond it lies a slip of the keyboard. */
const MAX_K = 1_000_000;

/** What is wrong with N as it was typed, in words; undefined when nothing is. */
export function problemOfN(typed: TypedNumber): string | undefined {
  const n = numberOf(typed);
  return Number.isInteger(n) && n >= 1 && n <= MAX_N ? undefined : `N must be a whole number from 1 to ${MAX_N}`;
}

/** The same for K. It is a maximum, so it may be more than there are candidates. */
export function problemOfK(typed: TypedNumber): string | undefined {
  const k = numberOf(typed);
  if (!(k >= 1)) return "K must be at least 1";
  if (!Number.isInteger(k)) return "K must be a whole number";
  return k > MAX_K ? "K must be at most 1,000,000" : undefined;
}

function numberOf(typed: TypedNumber): number {
  return typeof typed === "number" ? typed : Number(typed.trim() === "" ? Number.NaN : typed);
}

/** A limit that may be left empty: null is none. */
export function limitOf(typed: TypedNumber): number | null {
  return typeof typed === "string" && typed.trim() === "" ? null : numberOf(typed);
}

/** What is wrong with a limit on attempts, in words; an empty one is none and right. */
export function problemOfMaxJobs(typed: TypedNumber): string | undefined {
  const limit = limitOf(typed);
  return limit === null || (Number.isInteger(limit) && limit >= 1)
    ? undefined
    : "Attempts must be a whole number from 1";
}

/** The same for a limit on cost. */
export function problemOfMaxCost(typed: TypedNumber): string | undefined {
  const limit = limitOf(typed);
  return limit === null || limit >= 0 ? undefined : "The cost limit must be a sum of dollars, such as 5";
}

// What the commands that create a run (a new one, a fork) check of their input: no command of its own.

import { InvalidInputError } from "../errors.ts";

/** More children per parent than people can compare, and a guard against a slip of the keyboard. */
export const MAX_N = 100;
const MAX_NAME = 200;

/**
 * N and K that a run is asked for; null where they are left out.
 *
 * @throws InvalidInputError with the field
 */
export function checkSizes(input: {
  readonly maxChildrenPerNode?: number | null | undefined;
  readonly defaultTopK?: number | null | undefined;
}): { n: number | null; k: number | null } {
  const n = input.maxChildrenPerNode ?? null;
  if (n !== null && !(Number.isInteger(n) && n >= 1 && n <= MAX_N)) {
    throw new InvalidInputError(
      `N (maxChildrenPerNode) must be a whole number from 1 to ${MAX_N}.`,
      "maxChildrenPerNode",
    );
  }
  const k = input.defaultTopK ?? null;
  if (k !== null && !(Number.isInteger(k) && k >= 1))
    throw new InvalidInputError("K must be at least 1", "defaultTopK");
  return { n, k };
}

/** Attempts: more than any run needs, and what the database keeps. */
const MAX_ATTEMPTS = 1_000_000;
/** US dollars. */
const MAX_COST = 1_000_000;

/** What a run may spend; null is no limit, and what is left out is as it is. */
export interface BudgetInput {
  /** Attempts at jobs, from 1. */
  readonly maxJobs?: number | null | undefined;
  /** US dollars, from 0. */
  readonly maxCostUsd?: number | null | undefined;
}

/** @throws InvalidInputError with the field */
export function checkBudget({ maxJobs, maxCostUsd }: BudgetInput): void {
  if (maxJobs != null && !(Number.isInteger(maxJobs) && maxJobs >= 1 && maxJobs <= MAX_ATTEMPTS)) {
    throw new InvalidInputError(`The budget of attempts is a whole number from 1 to ${MAX_ATTEMPTS}.`, "maxJobs");
  }
  if (maxCostUsd != null && !(maxCostUsd >= 0 && maxCostUsd <= MAX_COST)) {
    throw new InvalidInputError(`The budget in US dollars is a number from 0 to ${MAX_COST}.`, "maxCostUsd");
  }
}

/**
 * A run's name; null where it is left out or empty.
 *
 * @throws InvalidInputError when it is too long
 */
export function checkName(name: string | null | undefined): string | null {
  const text = name?.trim() || null;
  if (text && text.length > MAX_NAME) {
    throw new InvalidInputError(`The name is longer than ${MAX_NAME} characters.`, "name");
  }
  return text;
}

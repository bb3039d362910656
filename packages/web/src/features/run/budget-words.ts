import { dollars } from "../../lib/dollars.ts";
import { counted } from "../../lib/words.ts";

interface Budget {
  readonly maxJobs: number | null;
  readonly attemptsStarted: number;
  readonly maxCostUsd: number | null;
  readonly costUsd: number;
}

/** What a run has spent, of what it may: "$0.42 of $5.00 · 12 of 50 attempts"; undefined where there is nothing to tell. */
export function budgetInWords({ maxJobs, attemptsStarted, maxCostUsd, costUsd }: Budget): string | undefined {
  const parts: string[] = [];
  if (maxCostUsd !== null) parts.push(`${dollars(costUsd)} of ${dollars(maxCostUsd)}`);
  else if (costUsd > 0) parts.push(dollars(costUsd));
  if (maxJobs !== null) parts.push(`${attemptsStarted} of ${counted(maxJobs, "attempt")}`);
  return parts.length === 0 ? undefined : parts.join(" · ");
}

/** Nothing more is made until somebody raises it. */
export function budgetSpent({ maxJobs, attemptsStarted, maxCostUsd, costUsd }: Budget): boolean {
  return (maxJobs !== null && attemptsStarted >= maxJobs) || (maxCostUsd !== null && costUsd >= maxCostUsd);
}

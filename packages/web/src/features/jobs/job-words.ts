import type { JobStatus } from "../../gql/generated/graphql.ts";
import { counted } from "../../lib/words.ts";

interface JobInWords {
  readonly status: JobStatus;
  /** The one that runs, comes next or was the last, from 1. */
  readonly attempt: number;
  readonly progress: number;
  readonly progressMessage: string | null;
  /** It was given up before it was begun. */
  readonly untried: boolean;
}

/** What a job is doing, in a few words: "Sampling 12/20", "attempt 2" where the first one failed. */
export function jobInWords({ status, attempt, progressMessage, untried }: JobInWords): string {
  const again = attempt > 1 ? ` · attempt ${attempt}` : "";
  switch (status) {
    case "RUNNING":
      return `${progressMessage ?? "Being made"}${again}`;
    case "QUEUED":
      return attempt > 1 ? `Attempt ${attempt - 1} failed, and it is tried again` : "Queued";
    case "FAILED":
      if (untried) return "Not tried";
      return attempt > 1 ? `Given up after ${attempt} attempts` : "Failed";
    case "CANCELLED":
      return "Cancelled";
    case "COMPLETED":
      return "Done";
    default:
      return status satisfies never;
  }
}

/** For a progress bar: a share in percent, or undefined where the generator has not told any. */
export function sharePercent({ status, progress }: Pick<JobInWords, "status" | "progress">): number | undefined {
  if (status !== "RUNNING" || progress <= 0) return undefined;
  return Math.round(progress * 100);
}

export interface GivenUpJobs {
  /** All that were given up. */
  readonly failedJobs: number;
  readonly untriedJobs: number;
  readonly cancelledJobs: number;
}

/** Those that an attempt at has failed. */
export function brokenJobs({ failedJobs, untriedJobs, cancelledJobs }: GivenUpJobs): number {
  return failedJobs - untriedJobs - cancelledJobs;
}

/** What became of jobs that were given up: "1 job failed, 4 were not tried, 1 was cancelled". */
export function givenUpInWords(jobs: GivenUpJobs): string {
  const were = (count: number): string => (count === 1 ? "was" : "were");
  const parts = [
    { count: brokenJobs(jobs), words: "failed" },
    { count: jobs.untriedJobs, words: `${were(jobs.untriedJobs)} not tried` },
    { count: jobs.cancelledJobs, words: `${were(jobs.cancelledJobs)} cancelled` },
  ].filter(({ count }) => count > 0);
  return parts.map(({ count, words }, place) => `${place === 0 ? counted(count, "job") : count} ${words}`).join(", ");
}

import type { JobStatus } from "../../gql/generated/graphql.ts";

interface JobInWords {
  readonly status: JobStatus;
  /** The one that runs, comes next or was the last, from 1. */
  readonly attempt: number;
  readonly progress: number;
  readonly progressMessage: string | null;
}

/** What a job is doing, in a few words: "Sampling 12/20", "attempt 2" where the first one failed. */
export function jobInWords({ status, attempt, progressMessage }: JobInWords): string {
  const again = attempt > 1 ? ` · attempt ${attempt}` : "";
  switch (status) {
    case "RUNNING":
      return `${progressMessage ?? "Being made"}${again}`;
    case "QUEUED":
      return attempt > 1 ? `Attempt ${attempt - 1} failed, and it is tried again` : "Queued";
    case "FAILED":
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
export function sharePercent({ status, progress }: JobInWords): number | undefined {
  if (status !== "RUNNING" || progress <= 0) return undefined;
  return Math.round(progress * 100);
}

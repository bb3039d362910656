import { counted } from "../../lib/words.ts";

export interface ListChange {
  /** Candidates that match now, less those that matched when the list was read. */
  readonly difference: number;
  /** Votes were counted since, and the list is in an order that follows them. */
  readonly voted: boolean;
}

/** What has changed since the list was read, in words; undefined where nothing has. Nothing moves until it is asked for. */
export function announcement({ difference, voted }: ListChange): string | undefined {
  if (difference > 0) return `${difference} new`;
  if (difference < 0) return `${counted(-difference, "candidate")} no longer here`;
  return voted ? "Ratings have changed" : undefined;
}

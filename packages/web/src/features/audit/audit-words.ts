import type { AuditType, Channel, Role } from "../../gql/generated/graphql.ts";
import { dollars } from "../../lib/dollars.ts";
import { counted } from "../../lib/words.ts";

/** What an entry tells of, as a badge. */
export const TYPE_LOOKS = {
  APPROVED: { words: "Approved", color: "teal" },
  APPROVED_BY_POLICY: { words: "Approved by policy", color: "teal" },
  APPROVED_IN_ADVANCE: { words: "Approved in advance", color: "teal" },
  REJECTED: { words: "Rejected", color: "red" },
  SENT_BACK: { words: "Sent back", color: "amber" },
  SIGNED_OFF: { words: "Signed off", color: "water" },
  SIGN_OFF_WITHDRAWN: { words: "Sign-off withdrawn", color: "gray" },
  CANDIDATE_REJECTED: { words: "Candidate rejected", color: "red" },
  CANDIDATE_RESTORED: { words: "Candidate restored", color: "teal" },
  CANDIDATES_IMPORTED: { words: "Candidates imported", color: "water" },
  BUDGET_CHANGED: { words: "Budget changed", color: "amber" },
  CANCELLED: { words: "Cancelled", color: "gray" },
} as const satisfies Record<AuditType, { words: string; color: string }>;

/** How something was decided, in words. */
export const CHANNEL_WORDS = {
  DASHBOARD: "in the dashboard",
  API: "through the API",
  LINK: "by a decision link",
  POLICY: "by the step's policy",
} as const satisfies Record<Channel, string>;

interface Doer {
  readonly actorName: string | null;
  readonly actorRole: Role | null;
  readonly channel: Channel | null;
}

/** "ada (owner), through the API", "The step's policy", "Nobody". */
export function whoInWords({ actorName, actorRole, channel }: Doer): string {
  if (actorName === null) return channel === "POLICY" ? "The step's policy" : "Nobody";
  const who = actorRole === null ? actorName : `${actorName} (${actorRole.toLowerCase()})`;
  return channel === null ? who : `${who}, ${CHANNEL_WORDS[channel]}`;
}

interface Limits {
  readonly maxJobs: number | null;
  readonly maxCostUsd: number | null;
}

/** "Attempts: no limit → 10. Cost: $0.50 → $2.00.", with what has changed of them. */
export function budgetChangeInWords({ before, after }: { readonly before: Limits; readonly after: Limits }): string {
  const attempts = ({ maxJobs }: Limits) => (maxJobs === null ? "no limit" : String(maxJobs));
  const cost = ({ maxCostUsd }: Limits) => (maxCostUsd === null ? "no limit" : dollars(maxCostUsd));
  const changed = [
    before.maxJobs !== after.maxJobs && `Attempts: ${attempts(before)} → ${attempts(after)}.`,
    before.maxCostUsd !== after.maxCostUsd && `Cost: ${cost(before)} → ${cost(after)}.`,
  ];
  return changed.filter((each) => each !== false).join(" ");
}

/** "2 candidates from “a notebook”, 1 candidate without a source". */
export function importInWords(imported: readonly { readonly source: string | null }[]): string {
  const counts = new Map<string | null, number>();
  for (const { source } of imported) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts]
    .map(([source, count]) => {
      const candidates = counted(count, "candidate");
      return source === null ? `${candidates} without a source` : `${candidates} from “${source}”`;
    })
    .join(", ");
}

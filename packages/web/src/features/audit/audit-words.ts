import type { AuditType, Channel, Role } from "../../gql/generated/graphql.ts";

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

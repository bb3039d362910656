import type { DeliveryStatus, NotificationType } from "../../gql/generated/graphql.ts";

/** What people read for each event that a webhook can be told of. */
export const EVENT_WORDS = {
  APPROVAL_REQUESTED: "A gate waits for a person",
  APPROVAL_SIGNED_OFF: "One of several people has signed off",
  APPROVAL_SIGN_OFF_WITHDRAWN: "A sign-off was taken back",
  APPROVAL_GRANTED: "A gate was opened",
  APPROVAL_REJECTED: "A step was rejected",
  APPROVAL_CANCELLED: "A gate waits no more, undecided",
  STEP_SENT_BACK: "A step was sent back",
  ALERT_RAISED: "An alert was raised",
  ALERT_REMINDED: "An alert was repeated",
  ALERT_ESCALATED: "An alert was escalated",
  ALERT_ACKNOWLEDGED: "An alert was acknowledged",
  ALERT_SNOOZED: "An alert was put off",
  ALERT_RESOLVED: "An alert is over",
  RUN_FINISHED: "A run has ended",
} as const satisfies Record<NotificationType, string>;

export const EVENTS = Object.keys(EVENT_WORDS) as NotificationType[];

/** "All events", "A gate was opened", or "A gate was opened and 2 more". */
export function eventsInWords(types: readonly NotificationType[]): string {
  if (types.length === 0 || types.length === EVENTS.length) return "All events";
  const [first, ...others] = EVENTS.filter((type) => types.includes(type));
  const words = first === undefined ? "Events" : EVENT_WORDS[first];
  return others.length === 0 ? words : `${words} and ${others.length} more`;
}

/** What a message tells of; a test has no event. */
export function messageWords(type: NotificationType | null): string {
  return type === null ? "Test message" : EVENT_WORDS[type];
}

export const STATUS_LOOKS = {
  PENDING: { words: "On its way", color: "water" },
  DELIVERED: { words: "Delivered", color: "teal" },
  FAILED: { words: "Failed", color: "red" },
  CANCELLED: { words: "Cancelled", color: "gray" },
} as const satisfies Record<DeliveryStatus, { words: string; color: string }>;

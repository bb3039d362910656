import type { RunStatus } from "../db/rows.ts";

/** What webhooks and email tell of, in the words of their messages. */
export const NOTIFICATION_TYPES = [
  "approval.requested",
  "approval.signed_off",
  "approval.sign_off_withdrawn",
  "approval.granted",
  "approval.rejected",
  "approval.cancelled",
  "step.sent_back",
  "alert.raised",
  "alert.reminded",
  "alert.escalated",
  "alert.acknowledged",
  "alert.snoozed",
  "alert.resolved",
  "run.finished",
] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

/** What `sendTestWebhook` sends; nobody subscribes to it. */
export const TEST_TYPE = "webhook.test";

const OF_EVENTS: { readonly [eventType: string]: NotificationType } = {
  approval_requested: "approval.requested",
  approval_signed_off: "approval.signed_off",
  approval_sign_off_withdrawn: "approval.sign_off_withdrawn",
  approval_granted: "approval.granted",
  approval_rejected: "approval.rejected",
  approval_cancelled: "approval.cancelled",
  step_sent_back: "step.sent_back",
  alert_raised: "alert.raised",
  alert_reminded: "alert.reminded",
  alert_escalated: "alert.escalated",
  alert_acknowledged: "alert.acknowledged",
  alert_snoozed: "alert.snoozed",
  alert_resolved: "alert.resolved",
};

const FINISHED: readonly unknown[] = ["COMPLETED", "REJECTED", "FAILED", "ABORTED"] satisfies RunStatus[];

/** What an event of a run is told as; null where nobody outside is told of it. */
export function notificationType(event: {
  readonly type: string;
  readonly data: { readonly [key: string]: unknown };
}): NotificationType | null {
  if (event.type === "run_status_changed") return FINISHED.includes(event.data.status) ? "run.finished" : null;
  return OF_EVENTS[event.type] ?? null;
}

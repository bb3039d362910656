import { builder } from "../builder.ts";

export const NotificationTypeEnum = builder.enumType("NotificationType", {
  description: "What webhooks and email tell of. The name in a message is that in its description.",
  values: {
    APPROVAL_REQUESTED: {
      value: "approval.requested",
      description: "`approval.requested`: a gate waits for a person.",
    },
    APPROVAL_SIGNED_OFF: {
      value: "approval.signed_off",
      description: "`approval.signed_off`: one of the people whom the gate takes has approved.",
    },
    APPROVAL_SIGN_OFF_WITHDRAWN: {
      value: "approval.sign_off_withdrawn",
      description: "`approval.sign_off_withdrawn`: one of them has taken that back.",
    },
    APPROVAL_GRANTED: { value: "approval.granted", description: "`approval.granted`: a gate was opened." },
    APPROVAL_REJECTED: { value: "approval.rejected", description: "`approval.rejected`: a gate stays closed." },
    APPROVAL_CANCELLED: {
      value: "approval.cancelled",
      description: "`approval.cancelled`: a gate does not wait any more, and nobody has decided it.",
    },
    STEP_SENT_BACK: { value: "step.sent_back", description: "`step.sent_back`: a step is to be made again." },
    ALERT_RAISED: { value: "alert.raised", description: "`alert.raised`: a run needs attention." },
    ALERT_REMINDED: { value: "alert.reminded", description: "`alert.reminded`: it still does." },
    ALERT_ESCALATED: { value: "alert.escalated", description: "`alert.escalated`: other people were told." },
    ALERT_ACKNOWLEDGED: { value: "alert.acknowledged", description: "`alert.acknowledged`: somebody looks after it." },
    ALERT_SNOOZED: { value: "alert.snoozed", description: "`alert.snoozed`: somebody put it off." },
    ALERT_RESOLVED: { value: "alert.resolved", description: "`alert.resolved`: it is over." },
    RUN_FINISHED: {
      value: "run.finished",
      description: "`run.finished`: a run was completed, rejected or aborted, or has failed.",
    },
  } as const,
});

export const DeliveryChannelEnum = builder.enumType("DeliveryChannel", {
  description: "How a message goes out.",
  values: {
    WEBHOOK: { description: "As a signed request to a webhook's address." },
    EMAIL: { description: "As a mail to a person." },
  } as const,
});

export const DeliveryStatusEnum = builder.enumType("DeliveryStatus", {
  description: "Where a delivery is. All but PENDING are final.",
  values: {
    PENDING: { description: "It is to be tried, for the first time or again. Next: any other." },
    DELIVERED: { description: "The receiver has taken it." },
    FAILED: { description: "It was given up after its last attempt. It can be replayed." },
    CANCELLED: { description: "There was no reason to send it any more." },
  } as const,
});

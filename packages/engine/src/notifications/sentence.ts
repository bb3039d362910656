import type { EventFacts } from "./event-facts.ts";

/** What an event says to people, in one sentence. */
export function sentence({ event, run, step, alert }: EventFacts): string {
  const place = step ? `Run #${run.id}, step ${step.position} (${step.name})` : `Run #${run.id}`;
  const by = event.actorName === null ? "" : ` by ${event.actorName}`;
  switch (event.tells) {
    case "approval.requested":
      return `${place} waits for approval.`;
    case "approval.signed_off":
      return `${place} was signed off${by}: ${event.data.signOffs} of ${event.data.required}.`;
    case "approval.sign_off_withdrawn":
      return `${place}: a sign-off was withdrawn${by}. ${event.data.signOffs} of ${event.data.required} have approved.`;
    case "approval.granted":
      return `${place} was approved${by || " by its policy"}.`;
    case "approval.rejected":
      return `${place} was rejected${by}, which ended the run.`;
    case "approval.cancelled":
      return `${place} does not wait for approval any more.`;
    case "step.sent_back":
      return `${place} was sent back${by}.`;
    case "alert.raised":
    case "alert.reminded":
    case "alert.escalated":
      return alert?.message ?? `${place} needs attention.`;
    case "alert.acknowledged":
      return `${place}: the alert was acknowledged${by}.`;
    case "alert.snoozed":
      return `${place}: the alert was put off until ${event.data.until}${by}.`;
    case "alert.resolved":
      return `${place}: the alert is over.`;
    case "run.finished":
      return `Run #${run.id} is ${String(event.data.status).toLowerCase()}.`;
    default:
      return event.tells satisfies never;
  }
}

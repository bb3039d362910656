import type { Message } from "@sluice/engine";
import { html } from "hono/html";
import { oneLine } from "./one-line.ts";

/** What one person is written about a message. */
export interface MailLinks {
  /** With which they can decide without signing in; null where there is nothing to decide. */
  readonly decide: string | null;
}

/** Subject, text and HTML of the mail for a message. Names come from people: the HTML escapes them. */
export function mailText(
  message: Message,
  { decide }: MailLinks,
): { readonly subject: string; readonly text: string; readonly html: string } {
  const { run, step, alert } = message.data;
  const text = oneLine(message.data.text);
  const place = run ? `${run.name}${step ? `, step ${step.position} (${step.name})` : ""}` : "Sluice";
  const facts = [
    ...(run ? [`Run #${run.number}: ${run.name}`, `Pipeline: ${run.pipeline}`] : []),
    ...(step ? [`Step ${step.position}: ${step.name}${step.round > 1 ? ` (round ${step.round})` : ""}`] : []),
    ...(message.data.approval ? [`Waiting since: ${message.data.approval.requestedAt}`] : []),
    ...(alert && alert.reminders > 0 ? [`Reminder ${alert.reminders}`] : []),
    ...(message.data.comment ? [`${message.data.actor ?? "Sluice"} says: ${message.data.comment}`] : []),
    // A name with line ends could look like lines of ours.
  ].map(oneLine);
  const lines = [
    text,
    "",
    ...facts,
    "",
    ...(run ? [`Look at it: ${run.url}`] : []),
    ...(decide
      ? [
          "",
          `Decide without signing in: ${decide}`,
          "This link is yours alone, decides once, and ends after three days.",
        ]
      : []),
    "",
    "You get this because you may decide or look after this run. Your profile in Sluice has a switch for it.",
  ];
  const markup = html`<!doctype html>
<html lang="en"><body style="font: 15px/1.5 system-ui, sans-serif">
<p><strong>${text}</strong></p>
<p>${facts.map((fact, place) => html`${place > 0 ? html`<br>` : ""}${fact}`)}</p>
${run ? html`<p><a href="${run.url}">Look at it in the dashboard</a></p>` : ""}
${decide ? html`<p><a href="${decide}">Decide without signing in</a><br><small>This link is yours alone, decides once, and ends after three days. Opening it changes nothing.</small></p>` : ""}
<p><small>You get this because you may decide or look after this run. Your profile in Sluice has a switch for it.</small></p>
</body></html>`;
  return { subject: `${SUBJECTS[message.type] ?? "News"}: ${place}`, text: lines.join("\n"), html: String(markup) };
}

const SUBJECTS: { readonly [type: string]: string } = {
  "approval.requested": "Approval needed",
  "alert.raised": "Attention needed",
  "alert.reminded": "Reminder",
  "alert.escalated": "Escalated to you",
};

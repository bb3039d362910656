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
  const { run, step, approval, alert } = message.data;
  const text = readableTimes(oneLine(message.data.text));
  const place = run
    ? `Run #${run.number}${step ? `, step ${step.position} (${step.name})` : ""}: ${run.name}`
    : "Sluice";
  const because = reason(message);
  const facts = [
    ...(run ? [`Run #${run.number}: ${run.name}`, `Pipeline: ${run.pipeline}`] : []),
    ...(step ? [`Step ${step.position}: ${step.name}${step.round > 1 ? ` (round ${step.round})` : ""}`] : []),
    ...(approval ? [`Waiting since: ${readableTimes(approval.requestedAt)}`, ...consent(approval)] : []),
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
    because,
  ];
  const markup = html`<!doctype html>
<html lang="en"><body style="font: 15px/1.5 system-ui, sans-serif">
<p><strong>${text}</strong></p>
<p>${facts.map((fact, place) => html`${place > 0 ? html`<br>` : ""}${fact}`)}</p>
${run ? html`<p><a href="${run.url}">Look at it in the dashboard</a></p>` : ""}
${decide ? html`<p><a href="${decide}">Decide without signing in</a><br><small>This link is yours alone, decides once, and ends after three days. Opening it changes nothing.</small></p>` : ""}
<p><small>${because}</small></p>
</body></html>`;
  return { subject: `${SUBJECTS[message.type] ?? "News"}: ${place}`, text: lines.join("\n"), html: String(markup) };
}

const SUBJECTS: { readonly [type: string]: string } = {
  "approval.requested": "Approval needed",
  "alert.raised": "Attention needed",
  "alert.reminded": "Reminder",
  "alert.escalated": "Escalated to you",
};

/** How far a gate is that takes several people. */
function consent({ status, signOffs, required }: NonNullable<Message["data"]["approval"]>): string[] {
  if (status !== "PENDING" || required < 2) return [];
  return [`It takes ${required} different people: ${signOffs} of ${required} have approved.`];
}

/** Why this person is written to, and how to end it. */
function reason({ type, data }: Message): string {
  const off = "Your profile in Sluice has a switch for such mails.";
  if (type !== "alert.escalated") return `You get this because you may decide or look after this run. ${off}`;
  const who = data.actor ? `${oneLine(data.actor)} asked you` : "the step's policy asks you";
  return `You get this because ${who} to look after it. ${off}`;
}

/** Sentences of ours with `2026-11-21 12:00 UTC` for what programs read as `2026-11-21T12:00:00.000Z`. */
function readableTimes(text: string): string {
  return text.replaceAll(/\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z/g, "$1 $2 UTC");
}

import { MAX_COMMENT, MAX_REASON } from "@sluice/engine";
import { html } from "hono/html";
import type { LinkView, ShownCandidate } from "./link-view.ts";
import type { DecisionForm } from "./posted-form.ts";

/** The form behind a link. It works without scripts, and names what was seen (G7). */
export function decidePage(
  view: LinkView,
  { token, form = {}, problem }: { readonly token: string; readonly form?: DecisionForm; readonly problem?: string },
) {
  const { run, step, preview, link, shown } = view;
  const waiting =
    preview.signOffs > 0 ? ` ${preview.signOffs} of ${preview.requiredSignOffs} have approved this cut.` : "";
  return page(
    `${run.name} · step ${step.position}`,
    html`<h1>${run.name}</h1>
      <p>Step ${step.position}, ${step.name}${step.round > 1 ? ` (round ${step.round})` : ""}, of the pipeline ${run.pipeline} waits for approval.
        You decide as <strong>${link.actor.name}</strong>.${waiting}</p>
      <p class="quiet">${run.prompt}</p>
      ${problem ? html`<p class="problem" role="alert">${problem}</p>` : ""}
      ${preview.blockers.length > 0 ? html`<ul class="notes">${preview.blockers.map((note) => html`<li>${note}</li>`)}</ul>` : ""}
      ${preview.warnings.length > 0 ? html`<ul class="notes quiet">${preview.warnings.map((note) => html`<li>${note}</li>`)}</ul>` : ""}
      <p>${preview.ranked.length} candidates, the best first. With K = ${preview.topK}, ${preview.advancingCount} advance. The cut is
        ${preview.confidenceLabel.toLowerCase()} (${Math.round(preview.topKConfidence * 100)} %).</p>
      <ol class="ranking">${shown.map((candidate) => candidateItem(candidate, token))}</ol>
      ${preview.ranked.length > shown.length ? html`<p class="quiet">The dashboard shows all ${preview.ranked.length}.</p>` : ""}
      <form method="post" action="/decide/${token}">
        <input type="hidden" name="rankingVersion" value="${preview.rankingVersion}" />
        <label>K: how many advance at most
          <input type="number" name="topK" min="1" step="1" required value="${form.topK ?? preview.topK}" /></label>
        <label>Comment, given to the steps that follow
          <textarea name="comment" rows="3" maxlength="${MAX_COMMENT}">${form.comment ?? ""}</textarea></label>
        ${
          preview.unmet.length > 0
            ? html`<label>Reason to approve although the evidence is missing
                <textarea name="overrideReason" rows="2" maxlength="${MAX_REASON}">${form.overrideReason ?? ""}</textarea></label>`
            : ""
        }
        <p class="buttons"><button name="verdict" value="APPROVE">Approve</button>
          <button class="reject" name="verdict" value="REJECT" formnovalidate>Reject</button></p>
        <p class="quiet">Decisions are final. Rejecting ends the run. To send the step back, use the dashboard.</p>
      </form>`,
  );
}

function candidateItem({ id, rank, elo, voteCount, willAdvance, text, hasPicture }: ShownCandidate, token: string) {
  return html`<li class="${willAdvance ? "advances" : ""}">
    ${hasPicture ? html`<img src="/decide/${token}/pictures/${id}" alt="Candidate ${id}" loading="lazy" />` : ""}
    ${text ? html`<blockquote>${text}</blockquote>` : ""}
    <small>#${rank} · Elo ${Math.round(elo)} · ${voteCount} ${voteCount === 1 ? "vote" : "votes"}${willAdvance ? " · advances" : ""}</small>
  </li>`;
}

/** What a link shows that decides nothing any more, with who did. */
export function overPage({ link, run, step, over }: LinkView) {
  return page(
    run.name,
    html`<h1>${run.name}</h1>
      <p>Step ${step.position}, ${step.name}: ${outcome(link)}</p>
      <p>${over ?? ""}</p>
      <p><a href="/">Open the dashboard</a></p>`,
  );
}

function outcome({ approvalStatus, decidedBy, decidedAt, actor }: LinkView["link"]): string {
  const by = decidedBy === null ? "by its policy" : decidedBy === actor.name ? "by you" : `by ${decidedBy}`;
  const at = decidedAt ? ` on ${decidedAt.toISOString().slice(0, 16).replace("T", " at ")} UTC` : "";
  switch (approvalStatus) {
    case "PENDING":
      return "it still waits for approval.";
    case "APPROVED":
      return `it was approved ${by}${at}.`;
    case "REJECTED":
      return `it was rejected ${by}${at}, which ended the run.`;
    case "SENT_BACK":
      return `it was sent back ${by}${at}.`;
    case "CANCELLED":
      return "this request was taken back before anybody decided.";
    default:
      return approvalStatus satisfies never;
  }
}

export function unknownLinkPage() {
  return page(
    "Unknown link",
    html`<h1>Sluice</h1>
      <p>This link is not known here. It may be incomplete: copy all of it.</p>
      <p><a href="/">Open the dashboard</a></p>`,
  );
}

function page(title: string, content: ReturnType<typeof html>) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="referrer" content="no-referrer" />
    <meta name="robots" content="noindex, nofollow" />
    <title>${title} · Sluice</title>
    <style>
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: light-dark(#f1f3f5, #1a1b1e); }
      main { box-sizing: border-box; width: min(60rem, 100vw - 2rem); margin: 2rem auto; padding: 1.5rem 2rem 2rem; border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: 0.75rem; background: light-dark(#fff, #25262b); }
      h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; }
      .quiet { opacity: 0.8; font-size: 0.9em; overflow-wrap: anywhere; }
      .problem { padding: 0.6rem 0.9rem; border-left: 4px solid #e03131; background: color-mix(in srgb, #e03131 12%, transparent); }
      .ranking { list-style: none; padding: 0; display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); }
      .ranking li { padding: 0.5rem; border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: 0.4rem; overflow: hidden; }
      .ranking li.advances { border-color: #0b7285; box-shadow: 0 0 0 1px #0b7285; }
      .ranking img { width: 100%; display: block; border-radius: 0.25rem; }
      blockquote { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 12rem; overflow: auto; font-size: 0.9em; }
      label { display: block; margin: 0.75rem 0; font-weight: 600; }
      input, textarea { display: block; box-sizing: border-box; font: inherit; width: 100%; padding: 0.4rem; }
      input[type="number"] { width: 8rem; }
      button { font: inherit; font-weight: 600; padding: 0.6rem 1.2rem; border-radius: 0.4rem; border: 0; background: #0b7285; color: #fff; cursor: pointer; }
      button.reject { background: #c92a2a; }
    </style>
  </head>
  <body><main>${content}</main></body>
</html>`;
}

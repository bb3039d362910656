import type { NotificationType } from "../../gql/generated/graphql.ts";
import { eventTypesOf, type WebhookDraft } from "./webhook-draft.ts";

/** What somebody has made of a field, and what stood there when they began to. */
interface Typed<T> {
  readonly from: T;
  readonly to: T;
}

type Events = Pick<WebhookDraft, "all" | "chosen">;

/**
 * What somebody changes of a webhook: the fields that they touched, and no others. So what somebody else has changed of
 * the rest meanwhile is shown, and is not put back.
 */
export interface WebhookEdit {
  readonly url?: Typed<string>;
  readonly description?: Typed<string>;
  readonly events?: Typed<Events>;
}

/** The webhook as it would be, given how it is now. */
export function viewOf({ url, description, events }: WebhookEdit, now: WebhookDraft): WebhookDraft {
  return { url: url?.to ?? now.url, description: description?.to ?? now.description, ...(events?.to ?? eventsIn(now)) };
}

/** The edit with what was changed last. A field that says again what it did at first counts as not touched. */
export function edited(edit: WebhookEdit, now: WebhookDraft, next: WebhookDraft): WebhookEdit {
  const view = viewOf(edit, now);
  const url = typed(edit.url, view.url, next.url, Object.is);
  const description = typed(edit.description, view.description, next.description, Object.is);
  const events = typed(edit.events, eventsIn(view), eventsIn(next), sameEvents);
  return { ...(url && { url }), ...(description && { description }), ...(events && { events }) };
}

/** What has to be sent: without what is so already. */
export function changesOf(
  edit: WebhookEdit,
  now: WebhookDraft,
): { readonly url?: string; readonly description?: string; readonly eventTypes?: NotificationType[] } {
  const { url, description, events } = edit;
  return {
    ...(url && url.to !== now.url ? { url: url.to } : {}),
    ...(description && description.to !== now.description ? { description: description.to } : {}),
    ...(events && !sameEvents(events.to, now) ? { eventTypes: eventTypesOf(events.to) } : {}),
  };
}

/** @returns what somebody else has changed since it was touched here, in words; saving replaces it */
export function overwrites({ url, description, events }: WebhookEdit, now: WebhookDraft): string[] {
  return [
    ...(url && ![url.from, url.to].includes(now.url) ? ["the URL"] : []),
    ...(description && ![description.from, description.to].includes(now.description) ? ["the description"] : []),
    ...(events && ![events.from, events.to].some((each) => sameEvents(each, now)) ? ["the events"] : []),
  ];
}

function typed<T>(
  before: Typed<T> | undefined,
  view: T,
  next: T,
  same: (one: T, other: T) => boolean,
): Typed<T> | undefined {
  if (same(view, next)) return before;
  const from = before ? before.from : view;
  return same(from, next) ? undefined : { from, to: next };
}

function eventsIn({ all, chosen }: Events): Events {
  return { all, chosen };
}

/** Whatever the order in which they were chosen. */
function sameEvents(one: Events, other: Events): boolean {
  if (one.all !== other.all) return false;
  const chosen = new Set(one.chosen);
  return chosen.size === other.chosen.length && other.chosen.every((type) => chosen.has(type));
}

import type { NotificationType } from "../../gql/generated/graphql.ts";
import { EVENTS } from "./event-words.ts";

/** What is asked for a webhook, as it is typed. */
export interface WebhookDraft {
  readonly url: string;
  readonly description: string;
  /** Told of everything, also of what later versions can tell of. */
  readonly all: boolean;
  readonly chosen: readonly NotificationType[];
}

export const NEW_WEBHOOK: WebhookDraft = { url: "", description: "", all: true, chosen: [] };

interface WebhookAsItIs {
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: readonly NotificationType[];
}

export function draftOf({ url, description, eventTypes }: WebhookAsItIs): WebhookDraft {
  const all = eventTypes.length === EVENTS.length;
  return { url, description: description ?? "", all, chosen: all ? [] : eventTypes };
}

/** The API takes no event for all of them. */
export function eventTypesOf({ all, chosen }: Pick<WebhookDraft, "all" | "chosen">): NotificationType[] {
  return all ? [] : [...chosen];
}

/** No event at all would mean all of them to the API. */
export function choosesNothing({ all, chosen }: WebhookDraft): boolean {
  return !all && chosen.length === 0;
}

import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import type { NotificationType } from "../notifications/notification-types.ts";
import {
  checkDescription,
  checkEventTypes,
  newWebhookSecret,
  type WebhookDeps,
} from "../notifications/webhook-input.ts";

export interface CreateWebhookInput {
  readonly url: string;
  readonly description?: string | null | undefined;
  /** All where it is left out or empty. */
  readonly eventTypes?: readonly NotificationType[] | null | undefined;
}

/**
 * Has an address told of what happens from now on.
 *
 * @returns the webhook and its secret, which is not shown again
 * @throws ForbiddenError, InvalidInputError for an address that may not be sent to
 */
export async function createWebhook(
  deps: WebhookDeps,
  actor: Actor,
  input: CreateWebhookInput,
): Promise<{ webhookId: number; secret: string }> {
  assertMay(actor, "OWN");
  const url = await deps.receivers.check(input.url);
  const secret = newWebhookSecret();
  const { id } = await queryable(deps.pool).one<{ id: number }>(
    `INSERT INTO webhooks (url, description, event_types, secret, created_by_id) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
    [url, checkDescription(input.description), checkEventTypes(input.eventTypes), secret, actor.id],
  );
  return { webhookId: id, secret };
}

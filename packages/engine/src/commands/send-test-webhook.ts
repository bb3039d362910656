import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import { findWebhook } from "../notifications/find-webhook.ts";
import type { Message } from "../notifications/message.ts";
import { TEST_TYPE } from "../notifications/notification-types.ts";

/**
 * Sends a webhook a message of the type `webhook.test`, on the way that every message takes.
 *
 * @throws ForbiddenError, NotFoundError, InvalidInputError where it is switched off
 */
export async function sendTestWebhook(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly webhookId: number },
): Promise<{ deliveryId: number }> {
  assertMay(actor, "OWN");
  const message: Message = {
    type: TEST_TYPE,
    timestamp: new Date().toISOString(),
    data: { text: "This is a test. Nothing has happened.", actor: actor.name },
  };
  return await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    const webhook = await findWebhook(tx, input.webhookId);
    if (!webhook.enabled) throw new InvalidInputError("This webhook is switched off. Switch it on first.", "webhookId");
    const { id } = await tx.one<{ id: number }>(
      `INSERT INTO deliveries (channel, webhook_id, address, event_type, payload, next_attempt_at)
       VALUES ('WEBHOOK', $1, $2, $3, $4, now()) RETURNING id`,
      [webhook.id, webhook.url, TEST_TYPE, JSON.stringify(message)],
    );
    return { deliveryId: id };
  });
}

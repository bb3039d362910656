import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import { findWebhook } from "../notifications/find-webhook.ts";
import type { NotificationType } from "../notifications/notification-types.ts";
import { switchOff } from "../notifications/record-attempt.ts";
import { checkDescription, checkEventTypes, type WebhookDeps } from "../notifications/webhook-input.ts";

/** What is left out, or null, stays as it is. */
export interface UpdateWebhookInput {
  readonly webhookId: number;
  /** What waits to be sent goes to the new address too. */
  readonly url?: string | null | undefined;
  readonly description?: string | null | undefined;
  /** Empty means all. */
  readonly eventTypes?: readonly NotificationType[] | null | undefined;
  /** Switched off, nothing is kept for it: what waits is cancelled, what happens meanwhile is not sent later. */
  readonly enabled?: boolean | null | undefined;
}

/** @throws ForbiddenError, NotFoundError, InvalidInputError */
export async function updateWebhook(
  deps: WebhookDeps,
  actor: Actor,
  input: UpdateWebhookInput,
): Promise<{ webhookId: number }> {
  assertMay(actor, "OWN");
  // The name is looked up before the transaction: nobody waits for a slow name server.
  const url = typeof input.url === "string" ? await deps.receivers.check(input.url) : null;
  return await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    const { id } = await findWebhook(tx, input.webhookId);
    const description = typeof input.description === "string" ? checkDescription(input.description) : undefined;
    await tx.query(
      `UPDATE webhooks SET url = coalesce($2, url), description = CASE WHEN $3 THEN $4 ELSE description END,
         event_types = coalesce($5, event_types) WHERE id = $1`,
      [
        id,
        url,
        description !== undefined,
        description ?? null,
        input.eventTypes ? checkEventTypes(input.eventTypes) : null,
      ],
    );
    if (input.enabled === false) await switchOff(tx, id, null);
    if (input.enabled === true) {
      await tx.query(
        `UPDATE webhooks SET enabled = true, disabled_reason = NULL,
           told_from = CASE WHEN enabled THEN told_from ELSE log_snapshot() END WHERE id = $1`,
        [id],
      );
    }
    return { webhookId: id };
  });
}

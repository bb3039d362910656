import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { findWebhook } from "../notifications/find-webhook.ts";
import { switchOff } from "../notifications/record-attempt.ts";

/**
 * Has an address told of nothing any more. Its delivery log stays with the runs; its secrets are forgotten.
 *
 * @throws ForbiddenError, NotFoundError
 */
export async function deleteWebhook(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly webhookId: number },
): Promise<{ webhookId: number }> {
  assertMay(actor, "OWN");
  return await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    const { id } = await findWebhook(tx, input.webhookId);
    await switchOff(tx, id, null);
    await tx.query(`UPDATE webhooks SET deleted_at = now(), secret = '', previous_secret = NULL WHERE id = $1`, [id]);
    return { webhookId: id };
  });
}

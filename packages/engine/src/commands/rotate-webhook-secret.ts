import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import { newWebhookSecret } from "../notifications/webhook-input.ts";

/** For so long the secret before signs too, so that a receiver can change over without losing anything. */
export const OLD_SECRET_HOURS = 24;

/**
 * Gives a webhook a new secret.
 *
 * @returns the new secret, which is not shown again, and until when the one before signs too
 * @throws ForbiddenError, NotFoundError
 */
export async function rotateWebhookSecret(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly webhookId: number },
): Promise<{ webhookId: number; secret: string; previousExpiresAt: Date }> {
  assertMay(actor, "OWN");
  const secret = newWebhookSecret();
  const rotated = await queryable(deps.pool).maybe<{ previousExpiresAt: Date }>(
    `UPDATE webhooks SET secret = $2, previous_secret = secret,
       previous_secret_expires_at = now() + make_interval(hours => $3)
     WHERE id = $1 AND deleted_at IS NULL RETURNING previous_secret_expires_at AS "previousExpiresAt"`,
    [input.webhookId, secret, OLD_SECRET_HOURS],
  );
  if (!rotated) throw new NotFoundError("There is no such webhook.");
  return { webhookId: input.webhookId, secret, ...rotated };
}

import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { type Queryable, queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";

/**
 * Sends a message again: as a delivery of its own, under the message id that it had, so that a receiver which did get
 * it knows it.
 *
 * @returns the new delivery
 * @throws ForbiddenError, NotFoundError, InvalidInputError while it is still being tried, or its webhook is off
 */
export async function replayDelivery(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly deliveryId: number },
): Promise<{ deliveryId: number }> {
  assertMay(actor, "OWN");
  return await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    const found = await tx.maybe<{ status: string; reachable: boolean }>(
      `SELECT d.status, d.channel = 'EMAIL' OR (w.enabled AND w.deleted_at IS NULL) AS reachable
       FROM deliveries d LEFT JOIN webhooks w ON w.id = d.webhook_id WHERE d.id = $1 FOR UPDATE OF d`,
      [input.deliveryId],
    );
    if (!found) throw new NotFoundError("There is no such delivery.");
    if (found.status === "PENDING") {
      throw new InvalidInputError("This delivery is still being tried. Nothing has to be sent again.", "deliveryId");
    }
    if (!found.reachable) {
      throw new InvalidInputError(
        "The webhook of this delivery is switched off or deleted. Switch it on first.",
        "deliveryId",
      );
    }
    const [deliveryId] = await repeat(tx, `d.id = $1`, [input.deliveryId]);
    return { deliveryId: deliveryId as number };
  });
}

/**
 * Sends again what was given up since a time, as after a receiver was away for long. What was replayed already is left out.
 *
 * @param input.webhookId of one webhook; of all receivers where it is left out
 * @returns how many
 * @throws ForbiddenError
 */
export async function replayFailedDeliveries(
  deps: EngineDeps,
  actor: Actor,
  input: { readonly since: Date; readonly webhookId?: number | null | undefined },
): Promise<{ replayed: number }> {
  assertMay(actor, "OWN");
  const which = `d.status = 'FAILED' AND d.created_at >= $1 AND ($2::int IS NULL OR d.webhook_id = $2)
    AND (d.channel = 'EMAIL' OR EXISTS (SELECT 1 FROM webhooks w WHERE w.id = d.webhook_id AND w.enabled AND w.deleted_at IS NULL))
    AND NOT EXISTS (SELECT 1 FROM deliveries later WHERE later.replay_of_id = d.id)`;
  const values = [input.since, input.webhookId ?? null];
  const replayed = await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    // A statement of its own: the one behind it then sees what somebody who asked for the same at once has added.
    await tx.query(`SELECT FROM deliveries d WHERE ${which} ORDER BY d.id FOR NO KEY UPDATE OF d`, values);
    return await repeat(tx, which, values);
  });
  return { replayed: replayed.length };
}

async function repeat(tx: Queryable, which: string, values: readonly unknown[]): Promise<number[]> {
  const added = await tx.many<{ id: number }>(
    `INSERT INTO deliveries (message_id, channel, webhook_id, recipient_id, address, event_type, event_id, pipeline_run_id,
       approval_id, alert_id, payload, next_attempt_at, replay_of_id)
     SELECT d.message_id, d.channel, d.webhook_id, d.recipient_id, d.address, d.event_type, d.event_id, d.pipeline_run_id,
       d.approval_id, d.alert_id, d.payload, now(), d.id
     FROM deliveries d WHERE ${which} ORDER BY d.id RETURNING id`,
    values,
  );
  return added.map(({ id }) => id);
}

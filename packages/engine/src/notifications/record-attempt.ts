import { type Queryable, queryable } from "../db/queryable.ts";
import { withRun, withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { retryDelay } from "./backoff.ts";
import type { ClaimedDelivery } from "./claim-deliveries.ts";

/** How one attempt went. */
export interface AttemptOutcome {
  /** What the receiver answered; null where it did not. */
  readonly status: number | null;
  readonly durationMs: number;
  /** What went wrong, as a sentence; null when it arrived. */
  readonly error: string | null;
  /** The receiver asks to be left alone for so long, in milliseconds. */
  readonly retryAfterMs?: number | null;
  /** Trying again is of no use. */
  readonly hopeless?: boolean;
  /** The receiver does not want to hear of anything any more (410): its webhook is switched off. */
  readonly gone?: boolean;
}

/** What became of the delivery. */
export type DeliveryState = "DELIVERED" | "RETRYING" | "FAILED" | "SUPERSEDED";

/**
 * Writes down an attempt. A delivery that is given up becomes an event of its run, in a short transaction of its own
 * (F16): it shows, and holds up nobody. Does nothing where the lease has run out and somebody else tries again.
 */
export async function recordAttempt(
  deps: EngineDeps,
  delivery: ClaimedDelivery,
  outcome: AttemptOutcome,
  delays: readonly number[],
): Promise<DeliveryState> {
  const { attempt } = delivery;
  const wait = retryDelay(attempt, { delays, asked: outcome.retryAfterMs ?? null });
  const givenUp = outcome.error !== null && (wait === null || outcome.hopeless === true || outcome.gone === true);
  const write = async (tx: Queryable): Promise<DeliveryState> => {
    if (outcome.gone && delivery.webhook) {
      // Before the delivery, as everybody does who switches a webhook off: two that hear of it at once would wait for each other.
      await tx.query(`SELECT FROM webhooks WHERE id = $1 FOR NO KEY UPDATE`, [delivery.webhook.id]);
    }
    const mine = await tx.query(
      `UPDATE deliveries SET
         status = (CASE WHEN $3::text IS NULL THEN 'DELIVERED' WHEN $4 THEN 'FAILED' ELSE 'PENDING' END)::delivery_status,
         error = $3, delivered_at = CASE WHEN $3 IS NULL THEN now() END,
         ended_at = CASE WHEN $3 IS NULL OR $4 THEN now() END,
         next_attempt_at = CASE WHEN $3 IS NOT NULL AND NOT $4 THEN now() + make_interval(secs => $5) END
       WHERE id = $1 AND attempts = $2 AND status = 'PENDING'`,
      [delivery.id, attempt, outcome.error, givenUp, (wait ?? 0) / 1_000],
    );
    await tx.query(
      `INSERT INTO delivery_attempts (delivery_id, attempt, response_status, error, duration_ms, at)
       VALUES ($1, $2, $3, $4, $5::int, now() - make_interval(secs => $5::int / 1000.0))`,
      [delivery.id, attempt, outcome.status, outcome.error, Math.round(outcome.durationMs)],
    );
    if (outcome.gone && delivery.webhook) {
      await switchOff(
        tx,
        delivery.webhook.id,
        "The receiver answered 410 Gone: it does not want to hear of anything any more.",
      );
    }
    if (mine === 0) return "SUPERSEDED";
    if (outcome.error === null) return "DELIVERED";
    return givenUp ? "FAILED" : "RETRYING";
  };
  if (!givenUp || delivery.runId === null) {
    return await withTransaction(deps, async (client) => await write(queryable(client)));
  }
  return await withRun(deps, delivery.runId, null, async (tx) => {
    const state = await write(tx);
    if (state === "FAILED") {
      tx.emit("delivery_failed", {
        deliveryId: delivery.id,
        channel: delivery.channel,
        error: outcome.error as string,
      });
    }
    return state;
  });
}

/** What is not worth an attempt any more. */
export async function cancelDelivery(deps: EngineDeps, delivery: ClaimedDelivery, reason: string): Promise<void> {
  await queryable(deps.pool).query(
    `UPDATE deliveries SET status = 'CANCELLED', error = $3, next_attempt_at = NULL, ended_at = now()
     WHERE id = $1 AND attempts = $2 AND status = 'PENDING'`,
    [delivery.id, delivery.attempt, reason],
  );
}

/** Switches a webhook off: what waits for it is not sent. */
export async function switchOff(tx: Queryable, webhookId: number, reason: string | null): Promise<void> {
  await tx.query(`UPDATE webhooks SET enabled = false, disabled_reason = $2 WHERE id = $1 AND enabled`, [
    webhookId,
    reason,
  ]);
  await tx.query(
    `UPDATE deliveries SET status = 'CANCELLED', error = 'The webhook was switched off.', next_attempt_at = NULL, ended_at = now()
     WHERE webhook_id = $1 AND status = 'PENDING'`,
    [webhookId],
  );
}

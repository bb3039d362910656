import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import type { Message } from "./message.ts";

/** A delivery that this process is to try now, with all that it takes. */
export interface ClaimedDelivery {
  readonly id: number;
  /** The same over all attempts and replays. */
  readonly messageId: string;
  readonly channel: "WEBHOOK" | "EMAIL";
  /** From 1. */
  readonly attempt: number;
  readonly address: string;
  readonly runId: number | null;
  readonly approvalId: number | null;
  readonly payload: Message;
  readonly webhook: {
    readonly id: number;
    /** The newest first; two while one is being changed over. */
    readonly secrets: readonly string[];
  } | null;
  readonly recipient: { readonly id: number; readonly name: string } | null;
}

/** Who is sent to: a webhook by its id, or the one mail server. */
export type Receiver = number | "EMAIL";

export interface ClaimOptions {
  /** For how long nobody else tries what is claimed, in milliseconds: longer than an attempt may take. */
  readonly leaseMs: number;
  readonly limit: number;
  /** No more than so many at once for one webhook, or by email: a receiver that hangs holds up nobody else. */
  readonly perReceiver: number;
  /** Receivers that this process has its hands full with. */
  readonly busy: readonly Receiver[];
  /** Whether this process can send mail; where it cannot, mails wait for one that can. */
  readonly email: boolean;
}

/**
 * Takes what is due. The time of the next attempt is also the lease: should this process die, the delivery is due again
 * then, and is sent once more under the same message id.
 */
export async function claimDeliveries(deps: EngineDeps, options: ClaimOptions): Promise<ClaimedDelivery[]> {
  const db = queryable(deps.pool);
  if (options.limit < 1) return [];
  // Idle servers look often: without a lock, and so without a transaction id, while nothing is due.
  const { due } = await db.one<{ due: boolean }>(
    `SELECT EXISTS (
       SELECT 1 FROM deliveries
       WHERE status = 'PENDING' AND next_attempt_at <= now() AND ($1 OR channel <> 'EMAIL')) AS due`,
    [options.email],
  );
  if (!due) return [];
  const mailIsBusy = options.busy.includes("EMAIL");
  return await db.many<ClaimedDelivery>(CLAIM_SQL, [
    options.leaseMs / 1_000,
    options.limit,
    options.perReceiver,
    options.busy.filter((receiver) => receiver !== "EMAIL"),
    options.email && !mailIsBusy,
  ]);
}

const CLAIM_SQL = `
  WITH chosen AS (
    SELECT d.id FROM deliveries d
    JOIN (
      SELECT id, row_number() OVER (PARTITION BY channel, webhook_id ORDER BY next_attempt_at, id) AS place
      FROM deliveries
      WHERE status = 'PENDING' AND next_attempt_at <= now()
        AND CASE channel WHEN 'EMAIL' THEN $5 ELSE webhook_id <> ALL ($4::int[]) END
    ) due ON due.id = d.id
    WHERE due.place <= $3 AND d.status = 'PENDING' AND d.next_attempt_at <= now()
    ORDER BY due.place, d.next_attempt_at, d.id LIMIT $2
    FOR UPDATE OF d SKIP LOCKED
  ), claimed AS (
    UPDATE deliveries d
    SET attempts = d.attempts + 1, next_attempt_at = now() + make_interval(secs => $1),
      address = coalesce((SELECT url FROM webhooks w WHERE w.id = d.webhook_id),
        (SELECT email FROM actors p WHERE p.id = d.recipient_id), d.address)
    FROM chosen WHERE chosen.id = d.id
    RETURNING d.*
  )
  SELECT d.id, d.message_id AS "messageId", d.channel, d.attempts AS attempt, d.address, d.pipeline_run_id AS "runId",
    d.approval_id AS "approvalId", d.payload,
    CASE WHEN w.id IS NOT NULL THEN jsonb_build_object('id', w.id, 'secrets',
      CASE WHEN w.previous_secret_expires_at > now() THEN jsonb_build_array(w.secret, w.previous_secret)
           ELSE jsonb_build_array(w.secret) END) END AS webhook,
    CASE WHEN p.id IS NOT NULL THEN jsonb_build_object('id', p.id, 'name', p.name) END AS recipient
  FROM claimed d
  LEFT JOIN webhooks w ON w.id = d.webhook_id
  LEFT JOIN actors p ON p.id = d.recipient_id
  ORDER BY d.id`;

/**
 * Why a delivery is not worth an attempt any more, or null. Looked at before each: what was put in line while its
 * webhook was being switched off, and mails that ask for what is done.
 */
export async function whyNotToSend(deps: EngineDeps, delivery: ClaimedDelivery): Promise<string | null> {
  const now = await queryable(deps.pool).one<{ off: boolean; unwanted: boolean; decided: boolean; resolved: boolean }>(
    `SELECT d.channel = 'WEBHOOK' AND NOT (w.enabled AND w.deleted_at IS NULL) AS off,
       d.channel = 'EMAIL' AND (p.email IS NULL OR NOT p.email_notifications OR p.deactivated_at IS NOT NULL) AS unwanted,
       d.channel = 'EMAIL' AND coalesce(a.status <> 'PENDING', false) AS decided,
       d.channel = 'EMAIL' AND coalesce(al.resolved_at IS NOT NULL, false) AS resolved
     FROM deliveries d
     LEFT JOIN webhooks w ON w.id = d.webhook_id LEFT JOIN actors p ON p.id = d.recipient_id
     LEFT JOIN approvals a ON a.id = d.approval_id LEFT JOIN alerts al ON al.id = d.alert_id WHERE d.id = $1`,
    [delivery.id],
  );
  if (now.off) return "The webhook was switched off.";
  if (now.unwanted) return "The recipient is not told by email any more.";
  if (now.decided) return "The gate did not wait for a decision any more.";
  return now.resolved ? "The alert was over." : null;
}

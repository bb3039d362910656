import { type Queryable, queryable } from "../db/queryable.ts";
import { withTransaction } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { type EventFacts, type EventToTell, factsOf } from "./event-facts.ts";
import { takeEvents } from "./event-feed.ts";
import { type Message, type MessageLinks, messageOf } from "./message.ts";
import { type NotificationType, notificationType } from "./notification-types.ts";
import { reachablePeople, recipientsOf } from "./recipients.ts";

/** How messages go out. */
export type Channel = "WEBHOOK" | "EMAIL";

/**
 * The cursors that notifications keep among those of all followers: one for each channel. A server without mail moves
 * that of webhooks alone, so whichever server is first, mails are written by those that can send them, and the cursor of
 * mails begins with the first of these.
 */
export const FEED_OF = { WEBHOOK: "webhooks", EMAIL: "email" } as const satisfies Record<Channel, string>;

/**
 * Turns the next events of all runs into deliveries by one channel, one for each event and receiver, in one transaction
 * with the channel's cursor: none is lost and none is made twice, whoever is killed when. It is never part of a decision's
 * transaction, so that nothing about receivers can hold up a gate. Any number of servers may call it; one at a time does
 * anything.
 *
 * @returns whether there may be more
 */
export async function writeDeliveries(deps: EngineDeps, channel: Channel, links: MessageLinks): Promise<boolean> {
  return await withTransaction(deps, async (client) => {
    const tx = queryable(client);
    const events = await takeEvents(tx, FEED_OF[channel]);
    if (!events || events.length === 0) return false;
    const toTell: EventToTell[] = events.flatMap((event) => {
      const tells = notificationType(event);
      return tells && (channel === "WEBHOOK" || MAILED.has(tells)) ? [{ ...event, tells }] : [];
    });
    if (toTell.length > 0) {
      const facts = await factsOf(tx, toTell);
      const told = facts.map((each) => ({ facts: each, message: messageOf(each, links) }));
      await (channel === "WEBHOOK" ? addWebhookDeliveries(tx, told) : addEmailDeliveries(tx, told));
    }
    return true;
  });
}

/** What people are written about; the rest is for programs. */
const MAILED: ReadonlySet<NotificationType> = new Set([
  "approval.requested",
  "alert.raised",
  "alert.reminded",
  "alert.escalated",
] as const);

type Told = readonly { readonly facts: EventFacts; readonly message: Message }[];

async function addWebhookDeliveries(tx: Queryable, told: Told): Promise<void> {
  await tx.query(
    `INSERT INTO deliveries (channel, webhook_id, address, event_type, event_id, pipeline_run_id, approval_id, alert_id,
       payload, next_attempt_at)
     SELECT 'WEBHOOK', w.id, w.url, m.type, m.event_id, m.run_id, m.approval_id, m.alert_id, m.payload, now()
     FROM jsonb_to_recordset($1::jsonb)
       AS m(type text, event_id bigint, run_id int, approval_id int, alert_id int, payload jsonb)
     JOIN run_events e ON e.id = m.event_id
     JOIN webhooks w ON w.enabled AND w.deleted_at IS NULL AND (w.event_types = '{}' OR m.type = ANY(w.event_types))
       AND NOT pg_visible_in_snapshot(e.xid, w.told_from)
     ORDER BY m.event_id, w.id
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(told.map(row))],
  );
}

async function addEmailDeliveries(tx: Queryable, told: Told): Promise<void> {
  const people = await reachablePeople(tx);
  const mails = told.flatMap(({ facts, message }) =>
    recipientsOf(facts, people).map(({ id, address }) => ({
      ...row({ facts, message }),
      recipient_id: id,
      address,
    })),
  );
  await tx.query(
    `INSERT INTO deliveries (channel, recipient_id, address, event_type, event_id, pipeline_run_id, approval_id, alert_id,
       payload, next_attempt_at)
     SELECT 'EMAIL', m.recipient_id, m.address, m.type, m.event_id, m.run_id, m.approval_id, m.alert_id, m.payload, now()
     FROM jsonb_to_recordset($1::jsonb)
       AS m(type text, event_id bigint, run_id int, approval_id int, alert_id int, payload jsonb, recipient_id int, address text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(mails)],
  );
}

function row({ facts, message }: Told[number]) {
  return {
    type: message.type,
    event_id: facts.event.id,
    run_id: facts.run.id,
    approval_id: facts.approval?.id ?? null,
    alert_id: facts.alert?.id ?? null,
    payload: message,
  };
}

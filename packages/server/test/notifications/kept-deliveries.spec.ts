import { afterAll, beforeAll, expect, it } from "vitest";
import { createWebhook, gateThatWaits, type NotifyingKit, notifyingKit } from "../kit/notifying-kit.ts";
import { receiver } from "../kit/receiver.ts";
import { mutate } from "../kit/spec-runs.ts";
import { untilStep } from "../kit/steps.ts";

let kit: NotifyingKit;
beforeAll(async () => {
  kit = await notifyingKit({ notifications: { tidyMs: 50 } });
});
afterAll(() => kit[Symbol.asyncDispose]());

const PATIENCE = { interval: 50, timeout: 60_000 };

const count = async (sql: string): Promise<number> =>
  (await kit.db.one<{ count: number }>(`SELECT count(*)::int AS count FROM ${sql}`)).count;
const statuses = async () =>
  (
    await kit.db.many<{ status: string; dated: boolean }>(
      `SELECT DISTINCT status::text, ended_at IS NOT NULL AS dated FROM deliveries ORDER BY 1`,
    )
  ).map(({ status, dated }) => `${status} ${dated ? "ended" : "goes on"}`);

/** Makes all deliveries, and all that was written down of them, so much older. */
const age = (days: number) =>
  kit.db.query(
    `UPDATE deliveries SET created_at = created_at - make_interval(days => $1),
       delivered_at = delivered_at - make_interval(days => $1), ended_at = ended_at - make_interval(days => $1)`,
    [days],
  );

/** Returns once a look for old deliveries that began from now on has found all that there was. */
async function lookedThrough(): Promise<void> {
  const old = await kit.db.many<{ id: number }>(
    `INSERT INTO deliveries (channel, address, event_type, payload, status, ended_at)
     SELECT 'WEBHOOK', 'https://example.org', 'webhook.test', '{}', 'DELIVERED', now() - interval '31 days'
     FROM generate_series(1, 2) RETURNING id`,
  );
  const ids = old.map(({ id }) => id).join(", ");
  await expect.poll(() => count(`deliveries WHERE id IN (${ids})`), PATIENCE).toBe(0);
}

it("deliveries that ended go after 30 days, those that are still to be sent never, and the audit log stays", async () => {
  await using hooked = await receiver();
  await using broken = await receiver();
  broken.answer(...Array(40).fill(500));
  const hook = await createWebhook(kit, { url: hooked.url });
  const failing = await createWebhook(kit, { url: broken.url, eventTypes: ["APPROVAL_GRANTED"] });
  const run = await gateThatWaits(kit);
  await mutate(kit, "approveStep", { stepId: run.stepId });
  await hooked.until(({ message }) => message.type === "approval.granted");
  await kit.attempts.until(({ state }) => state === "FAILED");
  await kit.attempts.until(({ state }) => state === "DELIVERED");
  // Nothing more happens to the run by itself.
  await untilStep(kit, run.stepIds[1] as string, "AWAITING_APPROVAL");
  // Cancelled: they waited when their webhook was switched off.
  await kit.db.query(
    `INSERT INTO deliveries (channel, webhook_id, address, event_type, payload, next_attempt_at)
     SELECT 'WEBHOOK', max(id), 'https://example.org', 'run.finished', '{}', now() + interval '1 day' FROM webhooks`,
  );
  for (const { id } of [hook, failing]) await mutate(kit, "deleteWebhook", { webhookId: id });
  // For a mail server that is not there yet.
  await kit.db.query(
    `INSERT INTO deliveries (channel, address, event_type, payload, next_attempt_at)
     VALUES ('EMAIL', 'ada@example.org', 'approval.requested', '{}', now())`,
  );
  const all = ["CANCELLED ended", "DELIVERED ended", "FAILED ended", "PENDING goes on"];
  await expect.poll(statuses, PATIENCE).toEqual(all);
  await lookedThrough();
  expect(await statuses()).toEqual(all);
  const [audited, happened] = [await count("audit_entries"), await count("run_events")];
  expect(audited).toBeGreaterThan(0);

  await age(29);
  await lookedThrough();
  expect(await statuses()).toEqual(all);

  await age(2);
  await expect.poll(statuses, PATIENCE).toEqual(["PENDING goes on"]);
  await age(400);
  await lookedThrough();
  expect(await statuses()).toEqual(["PENDING goes on"]);
  expect(await count("delivery_attempts")).toBe(0);
  expect([await count("audit_entries"), await count("run_events")]).toEqual([audited, happened]);
});

it("one that was sent again stays for as long as what repeats it", async () => {
  // Of one event, as they are made: without the first the two repetitions would seem to tell twice of it.
  const { id } = await kit.db.one<{ id: number }>(
    `INSERT INTO webhooks (url, secret, enabled) VALUES ('https://example.org', 'whsec_', false) RETURNING id`,
  );
  const add = async (endedDaysAgo: number, replayOf: number | null) =>
    (
      await kit.db.one<{ id: number }>(
        `INSERT INTO deliveries (channel, webhook_id, address, event_type, event_id, payload, status, ended_at, replay_of_id)
         SELECT 'WEBHOOK', $1, 'https://example.org', 'run.finished', min(id), '{}', 'FAILED', now() - make_interval(days => $2), $3
         FROM run_events RETURNING id`,
        [id, endedDaysAgo, replayOf],
      )
    ).id;
  const first = await add(1, null);
  await add(1, first);
  await add(1, first);
  await kit.db.query(`UPDATE deliveries SET ended_at = now() - interval '40 days' WHERE id = $1`, [first]);
  await lookedThrough();
  expect(await count(`deliveries WHERE webhook_id = ${id}`)).toBe(3);
  await kit.db.query(`UPDATE deliveries SET ended_at = now() - interval '31 days' WHERE replay_of_id = $1`, [first]);
  await expect.poll(() => count(`deliveries WHERE webhook_id = ${id}`), PATIENCE).toBe(0);
  expect(kit.logged).toEqual([]);
});

it("thousands go as well, with their attempts", async () => {
  await kit.db.query(
    `WITH old AS (
       INSERT INTO deliveries (channel, address, event_type, payload, status, ended_at)
       SELECT 'EMAIL', 'ada@example.org', 'alert.raised', '{}', 'DELIVERED', now() - interval '31 days'
       FROM generate_series(1, 2500) RETURNING id)
     INSERT INTO delivery_attempts (delivery_id, attempt, duration_ms) SELECT id, 1, 5 FROM old`,
  );
  await expect.poll(() => count("deliveries WHERE status = 'DELIVERED'"), PATIENCE).toBe(0);
  expect(await count("delivery_attempts")).toBe(0);
  expect(kit.logged).toEqual([]);
});

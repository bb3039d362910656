import { expect, it } from "vitest";
import { mailServer } from "../kit/mail-server.ts";
import { createWebhook, gateThatWaits, notifyingKit } from "../kit/notifying-kit.ts";
import { receiver } from "../kit/receiver.ts";

it("F16: a server without mail leaves mails to one that has it, whichever is first", async () => {
  await using mail = await mailServer();
  await using hooked = await receiver();
  await using kit = await notifyingKit();
  await createWebhook(kit, { url: hooked.url, eventTypes: ["APPROVAL_REQUESTED"] });
  await kit.token("alan", { role: "APPROVER" });
  await kit.db.query(`UPDATE actors SET email = 'alan@example.org' WHERE name = 'alan'`);
  const early = await gateThatWaits(kit);
  await hooked.until(() => hooked.received.length === 1);
  // Mail is set up, and its server is away while a gate begins to wait: the other one sees the event first.
  await (await kit.another({ smtpUrl: mail.url }))[Symbol.asyncDispose]();
  const run = await gateThatWaits(kit);
  await hooked.until(() => hooked.received.length === 2);
  // A mail that is due is nothing for a server that cannot send it.
  const { id } = await kit.db.one<{ id: number }>(
    `INSERT INTO deliveries (channel, recipient_id, address, event_type, pipeline_run_id, payload, next_attempt_at)
     SELECT 'EMAIL', a.id, a.email, 'approval.requested', d.pipeline_run_id, d.payload, now()
     FROM deliveries d, actors a WHERE d.pipeline_run_id = $1 AND a.name = 'alan' RETURNING id`,
    [early.number],
  );
  await gateThatWaits(kit);
  await hooked.until(() => hooked.received.length === 3);
  expect(kit.attempts.all.map(({ deliveryId }) => deliveryId)).not.toContain(id);
  const sender = await kit.another({ smtpUrl: mail.url });
  await mail.until(({ text }) => text.includes(`Run #${run.number}:`));
  await kit.attempts.until(({ deliveryId, state }) => deliveryId === id && state === "DELIVERED");
  const mails = await kit.db.many(
    `SELECT pipeline_run_id - $1::int AS place, attempts FROM deliveries
     WHERE channel = 'EMAIL' AND pipeline_run_id <= $2 ORDER BY place`,
    [early.number, run.number],
  );
  // Mails begin when mail is set up: of what was before, only the one that the test has written.
  expect(mails).toEqual([
    { place: 0, attempts: 1 },
    { place: run.number - early.number, attempts: 1 },
  ]);
  await sender[Symbol.asyncDispose]();
  expect(kit.logged).toEqual([]);
});

import { readFile } from "node:fs/promises";
import { checkStalls, NOTIFICATION_TYPES } from "@sluice/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWebhook, deliveriesOf, gateThatWaits, type NotifyingKit, notifyingKit } from "../kit/notifying-kit.ts";
import { isSignedWith, receiver } from "../kit/receiver.ts";
import { mutate } from "../kit/spec-runs.ts";
import { until } from "../kit/steps.ts";

let kit: NotifyingKit;
beforeAll(async () => {
  kit = await notifyingKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

it("tells a receiver what happens, signed as Standard Webhooks has it, each event once", async () => {
  await using hooked = await receiver();
  const hook = await createWebhook(kit, { url: hooked.url });
  expect(hook.secret).toMatch(/^whsec_/);
  const run = await gateThatWaits(kit, { name: "Posters" });
  const asked = await hooked.until(({ message }) => message.type === "approval.requested");
  expect(isSignedWith(hook.secret, asked)).toBe(true);
  expect(isSignedWith("whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==", asked)).toBe(false);
  expect(asked.message).toMatchObject({
    type: "approval.requested",
    data: {
      text: `Run #${run.number}, step 1 (Form) waits for approval.`,
      run: { id: run.id, number: run.number, name: "Posters", url: `${kit.url}/runs/${encodeURIComponent(run.id)}` },
      step: { id: run.stepId, position: 1, round: 1 },
      approval: { status: "PENDING" },
    },
  });
  await mutate(kit, "approveStep", { stepId: run.stepId, comment: "Good." });
  const granted = await hooked.until(({ message }) => message.type === "approval.granted");
  expect(granted.message.data).toMatchObject({
    actor: "ada",
    approval: { comment: "Good.", decidedBy: "ada", topK: 1 },
  });
  await mutate(kit, "abortRun", { runId: run.id });
  await hooked.until(({ message }) => message.type === "run.finished");
  const ids = hooked.received.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  await mutate(kit, "deleteWebhook", { webhookId: hook.id });
});

it("tells nothing that is not documented, and documents each message", async () => {
  const docs = await readFile(new URL("../../../../docs/notifications.md", import.meta.url), "utf8");
  await using hooked = await receiver();
  const hook = await createWebhook(kit, { url: hooked.url });
  await kit.token("bea", { kind: "PERSON" });
  const run = await gateThatWaits(kit, {}, ", quorum: 2");
  const approval = (type: string) => hooked.until(({ message }) => message.type === type);
  expect((await approval("approval.requested")).message.data).toMatchObject({ approval: { signOffs: 0, required: 2 } });
  expect((await mutate(kit, "approveStep", { stepId: run.stepId, topK: 1 }, "bea")).__typename).toBe(
    "ApproveStepSuccess",
  );
  expect((await approval("approval.signed_off")).message.data).toMatchObject({
    approval: { signOffs: 1, required: 2 },
    actor: "bea",
  });
  await mutate(kit, "withdrawSignOff", { stepId: run.stepId }, "bea");
  const withdrawn = (await approval("approval.sign_off_withdrawn")).message.data;
  expect(withdrawn.text).toBe(
    `Run #${run.number}, step 1 (Form): a sign-off was withdrawn by bea. 0 of 2 have approved.`,
  );
  await kit.db.query(`UPDATE approvals SET requested_at = now() - interval '25 hours' WHERE pipeline_run_id = $1`, [
    run.number,
  ]);
  await checkStalls(kit.server.engine);
  await approval("alert.raised");
  const { id } = await kit.db.one<{ id: number }>(`SELECT id FROM alerts WHERE pipeline_run_id = $1`, [run.number]);
  await mutate(kit, "snoozeAlert", { alertId: Buffer.from(`Alert:${id}`).toString("base64"), minutes: 60 });
  const snoozed = (await approval("alert.snoozed")).message.data;
  expect(snoozed).toMatchObject({ actor: "ada", alert: { snoozedUntil: expect.any(String) } });
  expect(await mutate(kit, "rejectStep", { stepId: run.stepId, comment: "No." }, "bea")).toMatchObject({
    __typename: "RejectStepSuccess",
  });
  await approval("run.finished");
  const fields = new Set(hooked.received.flatMap(({ message }) => pathsIn(message.data)));
  expect([...fields].filter((field) => !docs.includes(`\`${field}\``))).toEqual([]);
  expect(NOTIFICATION_TYPES.filter((type) => !docs.includes(`\`${type}\``))).toEqual([]);
  await mutate(kit, "deleteWebhook", { webhookId: hook.id });
});

/** Such as `run.id`. */
function pathsIn(value: object): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? pathsIn(inner).map((path) => `${name}.${path}`)
      : [name],
  );
}

it("tells a receiver only what it asked for, and nothing once it is switched off", async () => {
  await using hooked = await receiver();
  const hook = await createWebhook(kit, { url: hooked.url, eventTypes: ["RUN_FINISHED"] });
  const first = await gateThatWaits(kit);
  await mutate(kit, "rejectStep", { stepId: first.stepId });
  await hooked.until(({ message }) => message.type === "run.finished");
  expect(hooked.received).toHaveLength(1);
  expect((await mutate(kit, "updateWebhook", { webhookId: hook.id, enabled: false })).__typename).toBe(
    "UpdateWebhookSuccess",
  );
  const second = await gateThatWaits(kit);
  await mutate(kit, "rejectStep", { stepId: second.stepId });
  // Another receiver has heard of the same event: this one will not any more.
  await using other = await receiver();
  const witness = await createWebhook(kit, { url: other.url });
  const third = await gateThatWaits(kit);
  await mutate(kit, "rejectStep", { stepId: third.stepId });
  await other.until(({ message }) => message.type === "run.finished");
  expect(hooked.received).toHaveLength(1);
  for (const { id } of [hook, witness]) await mutate(kit, "deleteWebhook", { webhookId: id });
});

it("a secret that is rotated signs beside the one before it, until that ends", async () => {
  await using hooked = await receiver();
  const hook = await createWebhook(kit, { url: hooked.url });
  const { rotateWebhookSecret } = await kit.graphql<{ rotateWebhookSecret: { secret: string } }>(
    `mutation ($id: ID!) { rotateWebhookSecret(input: { webhookId: $id }) { ... on RotateWebhookSecretSuccess { secret } } }`,
    { id: hook.id },
  );
  const test = async () => {
    const before = hooked.received.length;
    await mutate(kit, "sendTestWebhook", { webhookId: hook.id });
    return await hooked.until((received) => hooked.received.indexOf(received) >= before);
  };
  const both = await test();
  expect(both.message).toMatchObject({ type: "webhook.test" });
  expect([hook.secret, rotateWebhookSecret.secret].map((secret) => isSignedWith(secret, both))).toEqual([true, true]);
  await kit.db.query(`UPDATE webhooks SET previous_secret_expires_at = now()`);
  const one = await test();
  expect([hook.secret, rotateWebhookSecret.secret].map((secret) => isSignedWith(secret, one))).toEqual([false, true]);
  await mutate(kit, "deleteWebhook", { webhookId: hook.id });
});

it("F16: a delivery that is given up shows in the log and as an event of its run, and the gate opens all the same", async () => {
  await using hooked = await receiver();
  hooked.answer(500, 500, 500, 500);
  const hook = await createWebhook(kit, { url: hooked.url, eventTypes: ["APPROVAL_REQUESTED"] });
  const run = await gateThatWaits(kit);
  await kit.attempts.until(({ state }) => state === "FAILED");
  const [failed, ...others] = await deliveriesOf(kit, hook);
  expect(others).toEqual([]);
  expect(failed).toMatchObject({
    status: "FAILED",
    error: "The receiver answered 500.",
    nextAttemptAt: null,
    attempts: [1, 2, 3, 4].map((attempt) => ({ attempt, responseStatus: 500 })),
  });
  expect(new Set(hooked.received.map(({ id }) => id)).size).toBe(1);
  const events = await kit.db.many(
    `SELECT data FROM run_events WHERE type = 'delivery_failed' AND pipeline_run_id = $1`,
    [run.number],
  );
  expect(events).toMatchObject([{ data: { channel: "WEBHOOK", error: "The receiver answered 500." } }]);
  expect((await mutate(kit, "approveStep", { stepId: run.stepId })).__typename).toBe("ApproveStepSuccess");

  const replay = await mutate(kit, "replayFailedDeliveries", { since: new Date(0).toISOString(), webhookId: hook.id });
  expect(replay.__typename).toBe("ReplayFailedDeliveriesSuccess");
  await kit.attempts.until(
    ({ deliveryId, state }) => deliveryId > 0 && state === "DELIVERED" && hooked.received.length === 5,
  );
  const [again] = await deliveriesOf(kit, hook);
  expect(again).toMatchObject({ status: "DELIVERED", messageId: failed?.messageId, replayOf: { id: failed?.id } });
  const repeated = hooked.received.map(({ id }) => id);
  expect(new Set(repeated).size).toBe(1);
  expect((await mutate(kit, "replayDelivery", { deliveryId: again?.id })).__typename).toBe("ReplayDeliverySuccess");
  await hooked.until((received) => hooked.received.indexOf(received) === 5);
  await mutate(kit, "deleteWebhook", { webhookId: hook.id });
});

it("a receiver that fails once is told again, under the same id", async () => {
  await using hooked = await receiver();
  hooked.answer(503);
  const hook = await createWebhook(kit, { url: hooked.url, eventTypes: ["STEP_SENT_BACK"] });
  await mutate(kit, "sendTestWebhook", { webhookId: hook.id });
  await hooked.until((received) => hooked.received.indexOf(received) === 1);
  expect(hooked.received[1]?.id).toBe(hooked.received[0]?.id);
  await mutate(kit, "deleteWebhook", { webhookId: hook.id });
});

it("no redirect is followed", async () => {
  await using target = await receiver();
  await using hooked = await receiver();
  const redirect = (response: import("node:http").ServerResponse) =>
    response.writeHead(307, { location: target.url }).end();
  hooked.answer(redirect, redirect, redirect, redirect);
  const hook = await createWebhook(kit, { url: hooked.url });
  await mutate(kit, "sendTestWebhook", { webhookId: hook.id });
  const made = await kit.attempts.until(({ state, error }) => state === "FAILED" && /redirect/.test(error ?? ""));
  expect(made.error).toBe("The receiver answered 307, a redirect. Sluice follows none: enter the final address.");
  expect(target.received).toEqual([]);
  await mutate(kit, "deleteWebhook", { webhookId: hook.id });
});

it("what was put in line while its webhook was deleted is cancelled", async () => {
  await using hooked = await receiver();
  const hook = await createWebhook(kit, { url: hooked.url });
  await mutate(kit, "deleteWebhook", { webhookId: hook.id });
  // As a transaction leaves it that saw the webhook a moment before.
  const { id } = await kit.db.one<{ id: number }>(
    `INSERT INTO deliveries (channel, webhook_id, address, event_type, payload, next_attempt_at)
     SELECT 'WEBHOOK', max(id), 'http://127.0.0.1/', 'run.finished', '{}', now() FROM webhooks RETURNING id`,
  );
  const made = await kit.attempts.until(({ deliveryId }) => deliveryId === id);
  expect(made).toMatchObject({ state: "CANCELLED", error: "The webhook was switched off." });
  expect(hooked.received).toEqual([]);
});

it("410 Gone switches a webhook off, with what waits for it", async () => {
  await using hooked = await receiver();
  hooked.answer(410);
  const hook = await createWebhook(kit, { url: hooked.url });
  await mutate(kit, "sendTestWebhook", { webhookId: hook.id });
  await kit.attempts.until(({ error }) => /410/.test(error ?? ""));
  const { webhooks } = await kit.graphql<{ webhooks: { id: string; enabled: boolean; disabledReason: string }[] }>(
    "{ webhooks { id enabled disabledReason } }",
  );
  expect(webhooks).toEqual([{ id: hook.id, enabled: false, disabledReason: expect.stringContaining("410 Gone") }]);
  expect((await mutate(kit, "sendTestWebhook", { webhookId: hook.id })).__typename).toBe("InvalidInputError");
  await mutate(kit, "deleteWebhook", { webhookId: hook.id });
});

it("a receiver asks with Retry-After to be left alone for a while", async () => {
  await using hooked = await receiver();
  hooked.answer((response) => response.writeHead(429, { "retry-after": "3600" }).end());
  const hook = await createWebhook(kit, { url: hooked.url });
  await mutate(kit, "sendTestWebhook", { webhookId: hook.id });
  await kit.attempts.until(({ error }) => /429/.test(error ?? ""));
  const [delivery] = await deliveriesOf(kit, hook);
  expect(delivery?.status).toBe("PENDING");
  const wait = Date.parse(delivery?.nextAttemptAt ?? "") - Date.now();
  expect(wait).toBeGreaterThan(3_500_000);
  await mutate(kit, "deleteWebhook", { webhookId: hook.id });
});

it("gates open and receivers that answer are told, while others hang or are dead", async () => {
  await using hanging = await receiver();
  await using dead = await receiver();
  hanging.answer(...Array.from({ length: 50 }, () => () => {}));
  const hooks = [await createWebhook(kit, { url: hanging.url }), await createWebhook(kit, { url: dead.url })];
  await dead[Symbol.asyncDispose]();
  await using hooked = await receiver();
  hooks.push(await createWebhook(kit, { url: hooked.url }));
  for (let nth = 0; nth < 3; nth++) {
    const run = await gateThatWaits(kit);
    expect((await mutate(kit, "rejectStep", { stepId: run.stepId })).__typename).toBe("RejectStepSuccess");
  }
  await hooked.until(() => hooked.received.filter(({ message }) => message.type === "run.finished").length === 3);
  await kit.attempts.until(({ error }) => /Nothing listens/.test(error ?? ""));
  await until(kit, async () => hanging.received.length > 0);
  for (const { id } of hooks) await mutate(kit, "deleteWebhook", { webhookId: id });
});

it("takes an owner: addresses and secrets are nobody else's affair", async () => {
  await kit.token("oskar", { role: "OPERATOR" });
  await expect(kit.graphql("{ webhooks { url } }", {}, { as: "oskar" })).rejects.toThrow(/takes an owner/);
  await expect(kit.graphql("{ deliveries { totalCount } }", {}, { as: "oskar" })).rejects.toThrow(/takes an owner/);
  await expect(mutate(kit, "createWebhook", { url: "https://example.org" }, "oskar")).resolves.toMatchObject({
    __typename: "ForbiddenError",
  });
});

it("logged nothing as an error", () => {
  expect(kit.logged).toEqual([]);
});

import { afterAll, beforeAll, expect, it } from "vitest";
import type { Resolve } from "../../src/notifications/receiver-guard.ts";
import { createWebhook, deliveriesOf, type NotifyingKit, notifyingKit } from "../kit/notifying-kit.ts";
import { type Receiver, receiver } from "../kit/receiver.ts";
import { mutate } from "../kit/spec-runs.ts";

/** What names lead to, which their owners may change at any time. */
const names = new Map([["rebinding.example.org", "93.184.215.14"]]);
const resolve: Resolve = async (hostname) => [{ address: names.get(hostname) ?? "127.0.0.1", family: 4 }];

let kit: NotifyingKit;
let hooked: Receiver;
beforeAll(async () => {
  kit = await notifyingKit({ webhooksPrivate: "off", notifications: { resolve } });
  hooked = await receiver();
});
afterAll(async () => {
  await hooked[Symbol.asyncDispose]();
  await kit[Symbol.asyncDispose]();
});

it.each([
  "http://127.0.0.1:1/",
  "http://[::1]/",
  "http://2130706433/",
  "http://inside.example.org/",
  "http://a:b@example.org/",
])("a webhook to %s is refused when it is made, and when one is changed", async (url) => {
  expect((await mutate(kit, "createWebhook", { url })).__typename).toBe("InvalidInputError");
  const hook = await createWebhook(kit, { url: "http://rebinding.example.org/" });
  expect((await mutate(kit, "updateWebhook", { webhookId: hook.id, url })).__typename).toBe("InvalidInputError");
  await mutate(kit, "deleteWebhook", { webhookId: hook.id });
});

it("a name that leads inside only later is refused by the connection: nothing is sent", async () => {
  const { port } = new URL(hooked.url);
  const hook = await createWebhook(kit, { url: `http://rebinding.example.org:${port}/` });
  names.set("rebinding.example.org", "127.0.0.1");
  await mutate(kit, "sendTestWebhook", { webhookId: hook.id });
  await kit.attempts.until(({ state }) => state === "FAILED");
  const [delivery] = await deliveriesOf(kit, hook);
  expect(delivery?.error).toBe(
    "rebinding.example.org leads to a private address. Sluice sends there only with SLUICE_WEBHOOKS_PRIVATE=on.",
  );
  expect(hooked.received).toEqual([]);
});

it("says how it is set up", async () => {
  const { notificationSetup } = await kit.graphql<{ notificationSetup: object }>(
    "{ notificationSetup { email publicUrl privateReceivers } }",
  );
  expect(notificationSetup).toEqual({ email: false, publicUrl: kit.url, privateReceivers: false });
});

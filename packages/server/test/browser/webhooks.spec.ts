import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { isSignedWith, type Receiver, receiver } from "../kit/receiver.ts";
import { mutate } from "../kit/spec-runs.ts";

let kit: BrowserKit;
let hook: Receiver;
beforeAll(async () => {
  kit = await browserKit({ webhooksPrivate: "on", notifications: { intervalMs: 20, delays: [20, 20, 20] } });
  hook = await receiver();
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await hook[Symbol.asyncDispose]();
});

describe("the webhooks page", () => {
  it("makes one whose secret signs, shows how each message went, and sends one that failed again", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/settings/webhooks`);
    await ada.getByRole("button", { name: "New webhook…" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByLabel("URL").fill("ftp://example.org");
    await dialog.getByLabel("Description").fill("chat");
    await dialog.getByRole("button", { name: "Make the webhook" }).click();
    await dialog.getByText("A webhook's address begins with https:// or http://.").waitFor();
    expect(await dialog.getByLabel("Description").inputValue()).toBe("chat");
    await dialog.getByLabel("URL").fill(hook.url);
    await dialog.getByRole("radio", { name: "Only what I choose" }).check();
    await dialog.getByRole("button", { name: "Make the webhook" }).click();
    await dialog.getByText("Choose at least one event.").waitFor();
    await dialog.getByRole("checkbox", { name: "A run has ended" }).check();
    await dialog.getByRole("button", { name: "Make the webhook" }).click();
    const secret = await dialog.getByRole("textbox", { name: "Secret" }).inputValue();
    await dialog.getByRole("button", { name: "Done" }).click();
    expect(await kit.db.one(`SELECT event_types FROM webhooks`)).toEqual({ event_types: ["run.finished"] });

    await ada.getByRole("link", { name: hook.url }).click();
    await ada.getByRole("button", { name: "Send a test" }).click();
    const messages = ada.getByRole("list", { name: "Messages" });
    await messages.getByText("Delivered").waitFor();
    const [first] = hook.received;
    if (!first) throw new Error("The receiver has got nothing.");
    expect(isSignedWith(secret, first)).toBe(true);

    hook.answer(500, 500, 500, 500);
    await ada.getByRole("button", { name: "Send a test" }).click();
    const failed = messages.getByRole("listitem").filter({ hasText: "Failed" });
    await failed.waitFor();
    await failed.getByRole("button", { name: "Details" }).click();
    await expect.poll(() => ada.getByRole("table", { name: "Attempts" }).getByRole("row").count()).toBe(5);
    await failed.getByRole("button", { name: "Send again" }).click();
    const again = messages.getByRole("listitem").filter({ hasText: "Sent again" });
    await again.getByText("Delivered").waitFor();
    expect(hook.received.at(-1)?.id).toBe(hook.received.at(-2)?.id);
    // The one that failed has been sent again, so there is nothing left.
    await ada.getByRole("button", { name: "Send all failed ones again" }).click();
    await ada.getByText("There was nothing to send again.").waitFor();
  }, 180_000);

  it("leaves what another owner has changed as it is", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/settings/webhooks`);
    await ada.getByRole("link", { name: hook.url }).click();
    await ada.getByRole("button", { name: "Edit…" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByLabel("Description").fill("the chat of the team");

    const { webhooks } = await kit.graphql<{ webhooks: { id: string }[] }>(`{ webhooks { id } }`);
    const webhookId = webhooks[0]?.id;
    await mutate(kit, "updateWebhook", { webhookId, eventTypes: ["RUN_FINISHED", "ALERT_RAISED"] }, "bob");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await kit.db.one(`SELECT event_types, description FROM webhooks`)).toEqual({
      event_types: ["alert.raised", "run.finished"],
      description: "the chat of the team",
    });

    await ada.getByRole("button", { name: "Edit…" }).click();
    await dialog.getByLabel("Description").fill("ours");
    await mutate(kit, "updateWebhook", { webhookId, description: "theirs" }, "bob");
    await ada.evaluate(() => void window.dispatchEvent(new Event("focus")));
    await dialog.getByText("Somebody else has changed the description since you began.", { exact: false }).waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    await ada.getByRole("region", { name: "The webhook" }).getByText("theirs", { exact: true }).waitFor();
  }, 120_000);

  it("shows at once that a receiver which is gone was switched off, and on return what others did", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/settings/webhooks`);
    const row = ada.getByRole("list", { name: "Webhooks" }).getByRole("listitem");
    await row.getByText("On", { exact: true }).waitFor();
    const { webhooks } = await kit.graphql<{ webhooks: { id: string }[] }>(`{ webhooks { id } }`);
    const input = { webhookId: webhooks[0]?.id };
    await mutate(kit, "updateWebhook", { ...input, enabled: false }, "bob");
    await ada.evaluate(() => void window.dispatchEvent(new Event("focus")));
    await row.getByText("Off", { exact: true }).waitFor();
    await mutate(kit, "updateWebhook", { ...input, enabled: true }, "bob");

    await ada.getByRole("link", { name: hook.url }).click();
    const toggle = ada.getByRole("switch", { name: "Send to this webhook" });
    await expect.poll(() => toggle.isChecked()).toBe(true);
    hook.answer(410);
    await ada.getByRole("button", { name: "Send a test" }).click();
    await ada.getByText("The receiver answered 410 Gone", { exact: false }).first().waitFor();
    await expect.poll(() => toggle.isChecked()).toBe(false);
    await mutate(kit, "updateWebhook", { ...input, enabled: true }, "bob");
  }, 120_000);

  it("rotates the secret, switches off and deletes, asking first", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/settings/webhooks`);
    await ada.getByRole("link", { name: hook.url }).click();
    await ada.getByRole("button", { name: "New secret…" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Make a new secret" }).click();
    const secret = await ada.getByRole("textbox", { name: "Secret" }).inputValue();
    await ada.getByRole("button", { name: "Done" }).click();
    await ada.getByText("The secret before signs too until").waitFor();
    const before = hook.received.length;
    await ada.getByRole("button", { name: "Send a test" }).click();
    await expect.poll(() => hook.received.length).toBe(before + 1);
    expect(isSignedWith(secret, hook.received.at(-1) as (typeof hook.received)[number])).toBe(true);

    await ada.getByRole("switch", { name: "Send to this webhook" }).click();
    await ada.getByText("Off: what happens meanwhile is not kept for it").waitFor();
    await ada.getByRole("button", { name: "Delete…" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await ada.getByText("No webhooks").waitFor();
  }, 120_000);

  it("is for owners, and tells others what it takes", async () => {
    const grace = await kit.window("grace", { role: "OPERATOR" });
    await grace.goto(`${kit.url}/settings/webhooks`);
    await grace.getByText("This takes an owner.").waitFor();
    expect(await grace.getByRole("button", { name: "New webhook…" }).count()).toBe(0);
  }, 120_000);
});

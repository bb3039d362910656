import { checkStalls } from "@sluice/engine";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeProblemsInBoth, settled } from "../kit/axe.ts";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { waitingRun } from "../kit/run-page.ts";
import { approve, mutate, stepOf, untilStep } from "../kit/spec-runs.ts";
import { candidatesByPlace } from "../kit/steps.ts";

const HOUR = 3_600_000;

let kit: BrowserKit;
let ada: Page;
/** Addresses of the pages that dialogs are opened on. */
const at: Record<string, string> = {};

beforeAll(async () => {
  kit = await browserKit({ webhooksPrivate: "on", notifications: { intervalMs: 20, delays: [60_000] } });
  const run = await waitingRun(kit, 4);
  const step = await stepOf(kit, run, 1);
  const [first] = await candidatesByPlace(kit, step.id);
  await mutate(kit, "rejectCandidate", { candidateId: first, replace: false });
  const other = await waitingRun(kit, 2);
  await approve(kit, other, 1, { topK: 2 });
  await untilStep(kit, other, 2, "AWAITING_APPROVAL");
  await checkStalls(kit.server.engine, new Date(Date.now() + 25 * HOUR));
  await mutate(kit, "createWebhook", { url: "http://127.0.0.1:9/hook", description: "chat", eventTypes: [] });
  const { webhooks } = await kit.graphql<{ webhooks: readonly { id: string }[] }>("{ webhooks { id } }");
  await kit.token("cleo", { role: "VOTER", kind: "PERSON" });
  at.run = `/runs/${encodeURIComponent(run.id)}`;
  at.later = `/runs/${encodeURIComponent(other.id)}`;
  at.approval = `${at.run}?approve=${encodeURIComponent(step.id)}`;
  at.voting = `${at.run}/steps/${encodeURIComponent(step.id)}/vote`;
  at.gallery = `${at.run}/gallery`;
  at.inbox = "/inbox";
  at.alerts = "/alerts";
  at.webhook = `/settings/webhooks/${encodeURIComponent(webhooks[0]?.id ?? "")}`;
  at.webhooks = "/settings/webhooks";
  at.people = "/settings/people";
  at.keys = "/settings/api-keys";
  ada = await kit.window("ada");
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Opened {
  readonly name: string;
  readonly on: string;
  /** Brings the dialog to where it is looked at. */
  readonly open: () => Promise<unknown>;
  /** A dialog, unless it is something else. */
  readonly shows?: "dialog" | "menu" | "table";
}

const press = (name: string | RegExp) => ada.getByRole("button", { name }).first().click();
const choose = async (menu: string | RegExp, item: string) => {
  await press(menu);
  await ada.getByRole("menuitem", { name: item }).click();
};
const dialog = () => ada.getByRole("dialog").last();
const select = async (...labels: readonly string[]) => {
  for (const label of labels) await ada.getByRole("gridcell", { name: `Candidate ${label},` }).press("Space");
};

const DIALOGS: readonly Opened[] = [
  { name: "a fork", on: "later", open: () => choose("More for step 1", "New run from here…") },
  {
    name: "an import, with a picture that is none",
    on: "later",
    open: async () => {
      await choose("More for step 2", "Import candidates…");
      const name = `${"a-long-name-".repeat(8)}.png`;
      const buffer = Buffer.from("only words");
      await dialog()
        .getByLabel("Picture files")
        .setInputFiles([{ name, mimeType: "image/png", buffer }]);
      await press("Import 1 candidate");
      await dialog().getByRole("alert").waitFor();
    },
  },
  { name: "the budget", on: "later", open: () => choose(/^More for run/, "Budget…") },
  { name: "approving all that is to come", on: "later", open: () => press("Approve all remaining…") },
  {
    name: "a rejection",
    on: "approval",
    open: async () => {
      await press("Reject step…");
      // The focus goes where one writes, and comes back.
      await expect.poll(() => focused()).toBe("Why (optional)");
      await press("Back");
      await expect.poll(() => focused()).toBe("Reject step…");
      await press("Reject step…");
    },
  },
  {
    name: "sending back, without a word",
    on: "approval",
    open: async () => {
      await press("Send back…");
      await expect.poll(() => focused()).toMatch(/^What should be different/);
      await dialog().getByRole("button", { name: "Send back", exact: true }).click();
      await dialog().getByText("Say what should be different").waitFor();
    },
  },
  {
    name: "several gates at once",
    on: "inbox",
    open: async () => {
      await ada.getByRole("checkbox", { name: "Select all" }).check();
      await press("Reject…");
    },
  },
  { name: "how long to snooze", on: "alerts", shows: "menu", open: () => press("Snooze…") },
  {
    name: "an escalation, with its list",
    on: "alerts",
    open: async () => {
      await press("Escalate…");
      await dialog().getByRole("combobox", { name: "Whom to tell" }).click();
      await ada.getByRole("option", { name: "cleo" }).waitFor();
    },
  },
  {
    name: "a new webhook",
    on: "webhooks",
    open: async () => {
      await press("New webhook…");
      await dialog().getByRole("radio", { name: "Only what I choose" }).check();
      await press("Make the webhook");
      await dialog()
        .getByText(/Choose at least one event|begins with/)
        .waitFor();
    },
  },
  { name: "a webhook's settings", on: "webhook", open: () => press("Edit…") },
  { name: "a webhook that goes", on: "webhook", open: () => press("Delete…") },
  {
    name: "a webhook's messages",
    on: "webhook",
    shows: "table",
    open: async () => {
      await press("Send a test");
      await press("Details");
      await ada.getByRole("table", { name: "Attempts" }).getByRole("row").nth(1).waitFor();
    },
  },
  { name: "an invitation", on: "people", open: () => press("Invite…") },
  {
    name: "the link of an invitation",
    on: "people",
    open: async () => {
      await press("Invite…");
      await press("Make the link");
      await dialog().getByRole("textbox", { name: "Link" }).waitFor();
    },
  },
  { name: "somebody who goes", on: "people", open: () => choose("More about cleo", "Deactivate…") },
  { name: "a new key", on: "keys", open: () => press("New key…") },
  {
    name: "the secret of a key",
    on: "keys",
    open: async () => {
      await press("New key…");
      await dialog().getByLabel("Name").fill("nightly import");
      await press("Make the key");
      await dialog().getByRole("textbox", { name: "Secret" }).waitFor();
    },
  },
  { name: "a key that goes", on: "keys", open: () => press("Revoke the key nightly import") },
  {
    name: "the keys of voting",
    on: "voting",
    open: async () => {
      await ada.locator('[aria-busy="false"]').getByRole("region", { name: "Left" }).waitFor();
      await ada.keyboard.press("?");
    },
  },
  {
    name: "a comparison",
    on: "gallery",
    open: async () => {
      await select("2", "3");
      await press("Compare");
      await dialog()
        .getByRole("row", { name: /^Rating/ })
        .waitFor();
    },
  },
  {
    name: "restoring",
    on: "gallery",
    open: async () => {
      await select("1");
      await press("Restore…");
    },
  },
  { name: "the keys of the gallery", on: "gallery", open: () => press("Show the keys") },
];

/** What the focused control is called. */
async function focused(): Promise<string> {
  return await ada.evaluate(() => {
    const active = document.activeElement;
    const label = active instanceof HTMLTextAreaElement ? active.labels[0] : active;
    return label?.textContent ?? "";
  });
}

/** What can be pressed and lies beyond the edge of a phone's screen, other than in something that is made to scroll. */
async function outOfReach(): Promise<string[]> {
  return await dialog().evaluate((root) =>
    [...root.querySelectorAll("button, input, textarea, select, a")].flatMap((each) => {
      const { left, right, width } = each.getBoundingClientRect();
      const named = each.getAttribute("aria-label") ?? each.textContent ?? each.tagName;
      const scrolled = each.parentElement?.closest("[class*=Scroll]") ?? null;
      return width > 0 && scrolled === null && (left < 0 || right > innerWidth)
        ? [`${named}: ${left} to ${right}`]
        : [];
    }),
  );
}

describe("every dialog", () => {
  it.for(DIALOGS)(
    "$name: axe finds nothing, light or dark, and a phone shows it",
    async ({ on, shows = "dialog", open }) => {
      await ada.setViewportSize({ width: 1280, height: 900 });
      await ada.goto(kit.url + at[on]);
      await settled(ada);
      await open();
      // Not the menu that leads to it, which is there a moment longer.
      await ada.getByRole(shows).first().waitFor();
      await settled(ada);
      expect(await axeProblemsInBoth(ada)).toEqual([]);
      if (shows !== "dialog") return;
      await ada.setViewportSize({ width: 390, height: 800 });
      expect(await outOfReach()).toEqual([]);
    },
  );

  it("says for each of several gates what came of it, and axe finds nothing there either", async () => {
    await ada.goto(kit.url + at.inbox);
    await settled(ada);
    await ada.getByRole("checkbox", { name: "Select all" }).check();
    await press("Approve…");
    await dialog()
      .getByRole("button", { name: /^Approve \d gates/ })
      .click();
    const results = dialog().getByRole("list", { name: "Results" });
    await results.waitFor();
    expect(await results.getByText(/Approved$/).count()).toBe(2);
    expect(await axeProblemsInBoth(ada)).toEqual([]);
    expect(kit.logged).toEqual([]);
  });
});

import { checkStalls } from "@sluice/engine";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openRun, waitingRun } from "../kit/run-page.ts";
import { type ApiRun, applyPipeline, approve, createRun, untilStep } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
  // Once its gate is open the run is over: no other gate of it waits.
  await applyPipeline(kit, "One step", ["{ name: Draft, type: generate, generator: grammar, gate: manual }"]);
});
afterAll(() => kit[Symbol.asyncDispose]());

const HOUR = 3_600_000;

/** A gate that has waited for longer than the usual day. */
async function stalledRun(): Promise<ApiRun> {
  const run = await createRun(kit, "One step", { maxChildrenPerNode: 2, defaultTopK: 1 });
  await untilStep(kit, run, 1, "AWAITING_APPROVAL");
  await checkStalls(kit.server.engine, new Date(Date.now() + 25 * HOUR));
  return run;
}

const card = (page: Page, run: ApiRun) =>
  page.getByRole("article", { name: `Approval has stalled: run #${run.number}` });
const badge = (page: Page, count: number) =>
  page
    .getByRole("link", { name: count === 0 ? "Alerts" : `Alerts, ${count} that nobody looks after`, exact: true })
    .waitFor();

describe("alerts in the dashboard", () => {
  it("L2: appear by themselves, are looked after by one person for all, and are over when the run moves", async () => {
    const [ada, bob] = [await kit.window("ada"), await kit.window("bob")];
    await ada.getByRole("link", { name: /^Alerts/ }).click();
    await ada.getByText("No open alerts").waitFor();

    const run = await stalledRun();
    await badge(bob, 1);
    await badge(ada, 1);
    await card(ada, run).getByRole("button", { name: "Acknowledge" }).click();
    await card(ada, run)
      .getByText(/^Acknowledged by ada/)
      .waitFor();
    await badge(bob, 0);

    // On the run's own page it is the same alert, with the same actions.
    await openRun(bob, kit, run);
    await card(bob, run)
      .getByText(/^Acknowledged by ada/)
      .waitFor();
    await card(bob, run).getByRole("button", { name: "Snooze…" }).click();
    await bob.getByRole("menuitem", { name: "For 4 hours" }).click();
    await card(ada, run)
      .getByText(/^Snoozed until/)
      .waitFor();

    await card(bob, run).getByRole("button", { name: "Escalate…" }).click();
    const dialog = bob.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Whom to tell" }).fill("nobody-like-this");
    await bob.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Escalate" }).click();
    await dialog.getByText('There is nobody called "nobody-like-this".').waitFor();
    await bob.getByRole("combobox", { name: "Whom to tell" }).press("Backspace");
    await bob.getByRole("combobox", { name: "Whom to tell" }).fill("role:owner");
    await bob.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Escalate" }).click();
    await dialog.waitFor({ state: "detached" });
    await card(ada, run).getByText("Escalated to role:owner").waitFor();

    await approve(kit, run, 1);
    await ada.getByText("No open alerts").waitFor();
    await card(bob, run).waitFor({ state: "detached" });
    await ada.getByRole("button", { name: "Show those that are over" }).click();
    await card(ada, run).getByText(/^Over/).waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("L2: a change that came while the connection was lost is told afterwards", async () => {
    const ada = await kit.window("ada");
    await badge(ada, 0);
    await ada.context().setOffline(true);
    const run = await stalledRun();
    await ada.context().setOffline(false);
    await badge(ada, 1);
    await approve(kit, run, 1);
    await badge(ada, 0);
  }, 120_000);

  it("a viewer sees them, and what it takes to look after them", async () => {
    const run = await stalledRun();
    const vera = await kit.window("vera", { role: "VIEWER" });
    await vera.getByRole("link", { name: /^Alerts/ }).click();
    await card(vera, run)
      .getByText(/takes an approver/)
      .waitFor();
    expect(await card(vera, run).getByRole("button").count()).toBe(0);
  }, 120_000);
});

describe("why a run waits", () => {
  it("stands on top of its page, with what to do, and the way to do it", async () => {
    const run = await waitingRun(kit, 2);
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const why = ada.getByRole("region", { name: "Why is it waiting?" });
    await why.getByText(/can approve or reject it, or send it back/).waitFor();
    await why.getByRole("link", { name: "Open the decision" }).click();
    await ada.getByRole("dialog").getByRole("list", { name: "Candidates by Elo" }).waitFor();
  }, 120_000);
});

import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openRun, stepRegion, waitingRun } from "../kit/run-page.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** From now on these scripts are gone for the page as it is open, as those of another build are. A reload has them. */
async function update(page: Page, scripts: RegExp): Promise<void> {
  const start = `${kit.url}/`;
  const names = '<!doctype html><html lang="en"><script type="module" src="/app/index-NEW.js"></script></html>';
  await page.route(scripts, (route) => route.fulfill({ status: 404, body: "There is nothing at this address." }));
  await page.route(start, (route) => route.fulfill({ contentType: "text/html", body: names }));
  const onRequest = (request: Request) => {
    if (!request.isNavigationRequest()) return;
    page.off("request", onRequest);
    void page.unroute(scripts);
    void page.unroute(start);
  };
  page.on("request", onRequest);
}

describe("a page that is open while Sluice is updated", () => {
  it("says so where a part of it is gone, stays of use, and is whole again after a reload", async () => {
    const run = await waitingRun(kit, 2);
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    await update(ada, /\/app\/import-dialog-.*\.js$/);

    await stepRegion(ada, 1).getByRole("button", { name: "More for step 1" }).click();
    await ada.getByRole("menuitem", { name: "Import candidates…" }).click();
    await ada.getByText("Sluice was updated.").waitFor();
    await ada.getByText("This page could not be shown").waitFor();
    await ada.getByRole("link", { name: "Sluice, all runs" }).click();
    await ada.getByRole("heading", { name: "Runs", exact: true }).waitFor();

    await ada.goBack();
    await stepRegion(ada, 1).waitFor();
    await ada.getByRole("status").getByRole("button", { name: "Reload" }).click();
    await ada.getByText("Sluice was updated.").waitFor({ state: "detached" });
    await stepRegion(ada, 1).getByRole("button", { name: "More for step 1" }).click();
    await ada.getByRole("menuitem", { name: "Import candidates…" }).click();
    await ada.getByRole("dialog", { name: "Import candidates into step 1" }).waitFor();
  }, 120_000);

  it("goes to a page that is gone by loading the new one", async () => {
    const ada = await kit.window("ada");
    await update(ada, /\/app\/(alerts-page|alert-card)-.*\.js$/);
    await ada.getByRole("link", { name: "Alerts" }).click();
    await ada.getByRole("heading", { name: "Alerts", exact: true }).waitFor();
  }, 120_000);
});

describe("a reload", () => {
  it("loses nothing that was typed and not sent; signing out does", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/new`);
    await ada.getByRole("textbox", { name: "Prompt" }).fill("a harbour in fog");
    await ada.reload();
    await expect.poll(() => ada.getByRole("textbox", { name: "Prompt" }).inputValue()).toBe("a harbour in fog");

    const run = await waitingRun(kit, 2);
    await openRun(ada, kit, run);
    await ada.getByRole("button", { name: "Approve Step 1" }).click();
    await ada.getByRole("textbox", { name: /^Comment/ }).fill("Softer edges.");
    await ada.reload();
    await expect.poll(() => ada.getByRole("textbox", { name: /^Comment/ }).inputValue()).toBe("Softer edges.");

    await ada.keyboard.press("Escape");
    await ada.getByRole("button", { name: "Your account" }).click();
    await ada.getByRole("menuitem", { name: "Sign out" }).click();
    await ada.getByRole("button", { name: "Sign in" }).waitFor();
    const drafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith("sluice draft "));
    expect(await ada.evaluate(drafts)).toEqual([]);
  }, 120_000);
});

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { waitingRun } from "../kit/run-page.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Holds the page's first live connection back, as a slow network does. Returns what lets it through. */
async function heldConnection(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.routeWebSocket(/\/graphql$/, async (socket) => {
    await promise;
    socket.connectToServer();
  });
  return resolve;
}

describe("what changes between the first answers and the first live connection", () => {
  it("is shown: gates that open, and runs that are new", async () => {
    await waitingRun(kit, 2);
    const ada = await kit.window("ada");
    const connect = await heldConnection(ada);
    await ada.goto(`${kit.url}/runs`, { waitUntil: "networkidle" });
    await ada.getByRole("link", { name: "Approvals (1 waits for you)" }).waitFor();

    const second = await waitingRun(kit, 2);
    connect();
    await ada.getByRole("link", { name: "Approvals (2 wait for you)" }).waitFor();
    await ada.getByText(`#${second.number}`).first().waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("is shown: another role", async () => {
    const grace = await kit.window("grace", { role: "VIEWER" });
    const connect = await heldConnection(grace);
    await grace.goto(`${kit.url}/settings/people`, { waitUntil: "networkidle" });
    await grace.getByText("This takes an owner.").waitFor();

    await kit.db.query(`UPDATE actors SET role = 'OWNER' WHERE name = 'grace'`);
    connect();
    await grace.getByRole("list", { name: "People" }).waitFor();
    await grace.getByRole("link", { name: "New run" }).waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

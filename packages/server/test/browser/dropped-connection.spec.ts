import type { WebSocketRoute } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openRun, stepRegion, waitingRun } from "../kit/run-page.ts";
import { approve } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("a dropped connection", () => {
  it("says so, and catches up with what was missed, without a reload", async () => {
    const run = await waitingRun(kit, 3);
    const ada = await kit.window("ada");
    // A network between the page and the server that can be cut.
    let cut = false;
    const sockets = new Set<WebSocketRoute>();
    const connections: number[] = [];
    await ada.routeWebSocket(/\/graphql$/, (socket) => {
      if (cut) return void socket.close({ code: 1012, reason: "cut" });
      connections.push(sockets.add(socket).size);
      socket.connectToServer();
    });
    await openRun(ada, kit, run);
    await stepRegion(ada, 1).getByText("Awaiting Approval (3 candidates ready)", { exact: true }).waitFor();
    await ada.evaluate(() => Object.assign(window, { sameDocument: true }));
    await expect.poll(() => connections.length).toBe(1);

    cut = true;
    for (const socket of sockets) await socket.close({ code: 1012, reason: "cut" });
    await ada.getByText("Reconnecting…").waitFor();
    await approve(kit, run, 1, { topK: 2 }, "bob");
    expect(
      await stepRegion(ada, 1)
        .getByText(/^Approved/)
        .count(),
    ).toBe(0);

    cut = false;
    await stepRegion(ada, 1).getByText("Approved (2/3 advancing)", { exact: true }).waitFor();
    await stepRegion(ada, 2)
      .getByText(/^Awaiting Approval/)
      .waitFor();
    await ada.getByText("Reconnecting…").waitFor({ state: "detached" });
    expect(connections.length).toBe(2);
    expect(await ada.evaluate(() => "sameDocument" in window)).toBe(true);
  }, 120_000);

  it("that cannot be had at all is stood in for: the page is read again every few seconds, until it can", async () => {
    const run = await waitingRun(kit, 3);
    const ada = await kit.window("ada");
    // A proxy that lets nothing but plain requests through.
    let refused = true;
    let attempts = 0;
    await ada.routeWebSocket(/\/graphql$/, (socket) => {
      attempts += 1;
      if (refused) return void socket.close({ code: 1006, reason: "" }).catch(() => {});
      socket.connectToServer();
    });
    await openRun(ada, kit, run);
    await ada.getByText("Not live", { exact: true }).waitFor();
    expect(attempts).toBeGreaterThanOrEqual(3);

    await approve(kit, run, 1, { topK: 2 }, "bob");
    await stepRegion(ada, 1).getByText("Approved (2/3 advancing)", { exact: true }).waitFor();
    await stepRegion(ada, 2)
      .getByText(/^Awaiting Approval/)
      .waitFor();
    expect(await ada.getByText("Not live", { exact: true }).isVisible()).toBe(true);

    refused = false;
    await ada.getByText("Not live", { exact: true }).waitFor({ state: "detached" });
    await approve(kit, run, 2, { topK: 1 }, "bob");
    await stepRegion(ada, 2)
      .getByText(/^Approved/)
      .waitFor();
  }, 120_000);

  it("takes nothing from a page: what cannot be read again stays, and with it what somebody does there", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/pipelines/Taglines/edit`);
    const editor = ada.getByRole("textbox", { name: "Pipeline as YAML" });
    await editor.waitFor();
    await editor.evaluate((element) => Object.assign(element, { sameEditor: true }));
    let refused = 0;
    await ada.route("**/graphql", async (route) => {
      await route.abort();
      refused += 1;
    });
    await ada.evaluate(() => window.dispatchEvent(new Event("focus")));
    await expect.poll(() => refused).toBeGreaterThan(0);
    await ada.unroute("**/graphql");
    const readAgain = ada.waitForResponse((response) => response.url().endsWith("/graphql") && response.ok());
    await ada.evaluate(() => window.dispatchEvent(new Event("focus")));
    await readAgain;
    expect(await editor.evaluate((element) => "sameEditor" in element)).toBe(true);
  }, 120_000);
});

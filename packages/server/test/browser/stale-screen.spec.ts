import type { Page, WebSocketRoute } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Server } from "../../src/start-server.ts";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openApproval, openRun, stepRegion, waitingRun } from "../kit/run-page.ts";

let kit: BrowserKit;
/** A second server on the same database. */
let other: Server;
beforeAll(async () => {
  kit = await browserKit();
  other = await kit.another();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** A network between a page and its server that can be cut and mended. */
async function cuttable(page: Page): Promise<{ cut(): Promise<void>; mend(): void }> {
  let down = false;
  const sockets = new Set<WebSocketRoute>();
  await page.routeWebSocket(/\/graphql$/, (socket) => {
    if (down) return void socket.close({ code: 1012, reason: "cut" });
    sockets.add(socket);
    socket.connectToServer();
  });
  return {
    async cut() {
      down = true;
      for (const socket of sockets) await socket.close({ code: 1012, reason: "cut" });
      sockets.clear();
    },
    mend() {
      down = false;
    },
  };
}

/** Runs in the page: keeps every sentence about a failure that was ever shown. */
function keepFailures(): void {
  const shown: string[] = [];
  Object.assign(window, { failures: shown });
  const look = () => {
    const found = /[^.\n]*\b(failed|went wrong)\b[^.\n]*/i.exec(document.body?.textContent ?? "");
    if (found) shown.push(found[0]);
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

describe("a screen that is behind", () => {
  it("F11: cut off while somebody decides at another server, it shows who did, and offers no second decision", async () => {
    const run = await waitingRun(kit, 3);
    const [ada, bob] = [await kit.window("ada"), await kit.window("bob")];
    const network = await cuttable(ada);
    await ada.addInitScript(keepFailures);
    await openRun(ada, kit, run);
    const hers = await openApproval(ada);
    await network.cut();
    await ada.getByText("Reconnecting…", { exact: true }).waitFor();

    await bob.goto(`${other.url}/runs/${encodeURIComponent(run.id)}`);
    const his = await openApproval(bob);
    await his.getByRole("button", { name: "Approve with K=2" }).click();
    await his.waitFor({ state: "detached" });

    network.mend();
    await hers.getByText("Approved by bob with K=2").waitFor();
    await expect.poll(() => hers.getByRole("button", { name: /^Approve/ }).isDisabled()).toBe(true);
    await hers.getByRole("button", { name: "Close" }).last().click();
    await stepRegion(ada, 2)
      .getByText(/^Awaiting Approval/)
      .waitFor();
    expect(await ada.evaluate(() => (window as unknown as { failures: string[] }).failures)).toEqual([]);
    expect(kit.pageErrors.filter((error) => !error.includes("WebSocket"))).toEqual([]);
  }, 120_000);

  it("F11, F6: a dialog does not stay open over another run", async () => {
    const [one, two] = [await waitingRun(kit, 2), await waitingRun(kit, 3)];
    const eve = await kit.window("eve");
    await openRun(eve, kit, one);
    await openApproval(eve);
    // As by the browser's own buttons: the page stays, and shows another run.
    await eve.evaluate(
      (path) => {
        history.pushState(null, "", path);
        dispatchEvent(new PopStateEvent("popstate"));
      },
      `/runs/${encodeURIComponent(two.id)}`,
    );
    await stepRegion(eve, 1).getByText("Awaiting Approval (3 candidates ready)", { exact: true }).waitFor();
    await eve.getByRole("dialog").waitFor({ state: "detached" });
    const dialog = await openApproval(eve);
    expect(await dialog.getByRole("list", { name: "Candidates by Elo" }).getByRole("listitem").count()).toBe(3);
  }, 120_000);
});

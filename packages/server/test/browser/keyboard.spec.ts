import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeProblemsInBoth } from "../kit/axe.ts";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { stepRegion, waitingRun } from "../kit/run-page.ts";
import { stepOf } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** As somebody without a mouse gets there. Fails where the keyboard does not. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`60 times Tab do not lead to ${target}.`);
}

const focusedId = (page: Page) => page.evaluate(() => document.activeElement?.id);
const votes = async () => (await kit.db.one<{ count: number }>(`SELECT count(*)::int AS count FROM votes`))?.count;

describe("without a mouse", () => {
  it("somebody finds the run that waits, votes in it and decides; axe finds nothing in the dialog", async () => {
    const run = await waitingRun(kit, 3);
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs`);
    const row = ada.getByRole("link", { name: new RegExp(`^Run #${run.number},`) });
    await row.waitFor();
    await ada.keyboard.press("Tab");
    expect(await ada.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
    await ada.keyboard.press("Enter");
    await expect.poll(() => focusedId(ada)).toBe("main");

    await tabTo(ada, row);
    await ada.keyboard.press("Enter");
    await stepRegion(ada, 1).waitFor();
    await expect.poll(() => focusedId(ada)).toBe("main");

    await tabTo(ada, ada.getByRole("link", { name: "Vote on step 1" }));
    await ada.keyboard.press("Enter");
    await ada.locator('[aria-busy="false"]').getByRole("region", { name: "Left" }).waitFor();
    await ada.keyboard.press("ArrowLeft");
    await expect.poll(votes).toBe(1);

    await ada.goBack();
    await stepRegion(ada, 1).waitFor();
    await ada.keyboard.press("a");
    const dialog = ada.getByRole("dialog");
    await dialog.getByRole("list", { name: "Candidates by Elo" }).waitFor();
    expect(await axeProblemsInBoth(ada)).toEqual([]);
    await ada.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    await ada.keyboard.press("a");
    await dialog.getByRole("list", { name: "Candidates by Elo" }).waitFor();
    await tabTo(ada, dialog.getByRole("button", { name: /^Approve/ }));
    await ada.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    expect((await stepOf(kit, run, 1)).approvedBy?.name).toBe("ada");
  }, 120_000);
});

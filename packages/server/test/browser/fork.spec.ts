import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openRun, stepRegion, waitingRun } from "../kit/run-page.ts";
import { approve, stepOf } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("a new run from a step of another", () => {
  it("G6: begins with its candidates and decides the gate anew, with another K", async () => {
    const run = await waitingRun(kit, 3);
    await approve(kit, run, 1, { topK: 1 });
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    await stepRegion(ada, 1)
      .getByText(/^by ada, through the API/)
      .waitFor();
    await ada.getByRole("button", { name: "More for step 1" }).click();
    await ada.getByRole("menuitem", { name: "New run from here…" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByLabel("Name (optional)").fill("Second thoughts");
    await dialog.getByLabel("K, candidates that advance").fill("2");
    await dialog.getByRole("button", { name: "Start the new run" }).click();
    await ada.getByRole("heading", { name: /Second thoughts/ }).waitFor();
    await ada.getByText("Forked from").waitFor();
    await stepRegion(ada, 1).getByText("Awaiting Approval (3 candidates ready)").waitFor();
    await ada.getByRole("button", { name: "Approve Step 1" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Approve with K=2" }).click();
    await ada.getByRole("dialog").waitFor({ state: "detached" });

    await ada.getByRole("link", { name: `run #${run.number}` }).click();
    await ada.getByText(/Forked to/).waitFor();
    expect(await stepOf(kit, run, 1)).toMatchObject({ topKCount: 1, advancingCount: 1 });
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { refuseOperation } from "../kit/refused-operation.ts";
import { type ApiRun, applyPipeline, approve, createRun, untilStep } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
  await applyPipeline(kit, "One step", ["{ name: Draft, type: generate, generator: grammar }"]);
});
afterAll(() => kit[Symbol.asyncDispose]());

async function waiting(): Promise<ApiRun> {
  const run = await createRun(kit, "One step", { maxChildrenPerNode: 2, reviewFirstStep: true });
  await untilStep(kit, run, 1, "AWAITING_APPROVAL");
  return run;
}

/** Runs in the page: counts the canvases that there ever were. */
function countConfetti(): void {
  const seen = { canvases: 0 };
  Object.assign(window, { seen });
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node instanceof HTMLCanvasElement) seen.canvases += 1;
    }
  }).observe(document, { subtree: true, childList: true });
}

const seenIn = (page: Page) => page.evaluate(() => (window as unknown as { seen: { canvases: number } }).seen.canvases);

const addressOf = (run: ApiRun) => `${kit.url}/runs/${encodeURIComponent(run.id)}`;

describe("the last gate opens while somebody looks", () => {
  it("confetti for who likes things to move, and for who does not a few words alone; once, and for nobody who comes later", async () => {
    const run = await waiting();
    const [lively, calm] = [await kit.window("lively"), await kit.window("calm")];
    await lively.emulateMedia({ reducedMotion: "no-preference" });
    for (const page of [lively, calm]) {
      await page.addInitScript(countConfetti);
      await page.goto(addressOf(run));
      await page.getByRole("button", { name: "Approve Step 1" }).waitFor();
    }
    await approve(kit, run, 1, { topK: 1 });
    const words = "The last gate is open. Its winners are below.";
    for (const page of [lively, calm]) await page.getByRole("status").filter({ hasText: words }).waitFor();
    await expect.poll(() => seenIn(lively)).toBe(1);
    expect(await seenIn(calm)).toBe(0);
    // It cleans up after itself.
    await lively.locator("canvas[data-celebration]").waitFor({ state: "detached" });

    await calm.getByRole("status").filter({ hasText: words }).getByRole("button", { name: "Close" }).click();
    await calm.getByText(words).waitFor({ state: "detached" });

    // Away and back in the same window, and opened anew: it has been celebrated.
    await lively.getByRole("link", { name: "See how they came about" }).click();
    await lively.getByRole("heading", { name: "Lineage" }).waitFor();
    await lively.goBack();
    await lively.getByRole("region", { name: "Winners" }).getByRole("listitem").first().waitFor();
    expect(await lively.getByText(words).count()).toBe(0);
    await calm.reload();
    await calm.getByRole("region", { name: "Winners" }).getByRole("listitem").first().waitFor();
    expect(await calm.getByText(words).count()).toBe(0);
    expect(await seenIn(lively)).toBe(1);
    // Nothing that the content security policy refuses.
    expect(kit.pageErrors).toEqual([]);
  });

  it("a run that is aborted is not celebrated", async () => {
    const run = await waiting();
    const eve = await kit.window("eve");
    await eve.emulateMedia({ reducedMotion: "no-preference" });
    await eve.addInitScript(countConfetti);
    await eve.goto(addressOf(run));
    await eve.getByRole("button", { name: "Approve Step 1" }).waitFor();
    await kit.graphql(
      `mutation ($input: AbortRunInput!) { abortRun(input: $input) { __typename } }`,
      { input: { runId: run.id } },
      { as: "eve" },
    );
    await eve.getByText("Aborted", { exact: true }).first().waitFor();
    expect(await eve.getByText(/The last gate is open/).count()).toBe(0);
    expect(await seenIn(eve)).toBe(0);
  });

  it("winners that cannot be read are not said to be none", async () => {
    const run = await waiting();
    await approve(kit, run, 1, { topK: 1 });
    const joy = await kit.window("joy");
    const letThrough = await refuseOperation(joy, "Winners");
    await joy.goto(addressOf(run));
    const winners = joy.getByRole("region", { name: "Winners" });
    await winners.getByText("The winners could not be loaded").waitFor();
    expect(await winners.getByText("No candidate advanced").count()).toBe(0);

    letThrough();
    await winners.getByRole("button", { name: "Try again" }).click();
    await winners.getByRole("listitem").waitFor();
    expect(kit.pageErrors).toEqual([]);
  });
});

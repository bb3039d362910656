import { readFile } from "node:fs/promises";
import { encodeNodeId } from "@sluice/schema";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { addCandidates, labels, openGallery, tile, untilCount } from "../kit/gallery-page.ts";
import { openRun, stepRegion, waitingRun } from "../kit/run-page.ts";
import { approve, mutate, stepOf, untilStep } from "../kit/spec-runs.ts";
import { unzip } from "../kit/unzip.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("the gallery", () => {
  it("G3, G13: says what became of each candidate; what is chosen is in the address and outlasts a reload", async () => {
    const run = await waitingRun(kit, 4);
    await kit.db.query(
      `UPDATE candidates SET elo = ('{1100,1000,900,1200}'::float8[])[ordinal] WHERE pipeline_run_id = $1`,
      [run.number],
    );
    await approve(kit, run, 1, { topK: 2 });
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    const first = await kit.db.one<{ id: number }>(
      `SELECT id FROM candidates WHERE pipeline_run_id = $1 AND parent_id IS NULL AND ordinal = 1`,
      [run.number],
    );
    await mutate(kit, "rejectCandidate", { candidateId: encodeNodeId("Candidate", first.id) });
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    await ada.getByRole("link", { name: "Gallery", exact: true }).click();
    await untilCount(ada, "12 of 12 candidates");

    await ada.getByLabel("Step", { exact: true }).selectOption({ label: "Step 1: Draft" });
    await untilCount(ada, "4 of 12 candidates");
    await ada.getByLabel("Order", { exact: true }).selectOption({ label: "Best rated first" });
    await expect.poll(() => labels(ada)).toEqual(["4", "1", "2", "3"]);
    const badges = { "4": "Advancing to next step", "1": "Rejected", "2": "Not advancing (below top-K)" };
    for (const [label, words] of Object.entries(badges)) {
      await tile(ada, label).getByText(words).waitFor();
    }
    await ada.getByRole("switch", { name: "Advancing only" }).click();
    await untilCount(ada, "1 of 12 candidates");
    await ada.reload();
    await untilCount(ada, "1 of 12 candidates");
    expect(await labels(ada)).toEqual(["4"]);
    expect(await ada.getByRole("switch", { name: "Advancing only" }).isChecked()).toBe(true);
    expect(await ada.getByLabel("State", { exact: true }).inputValue()).toBe("advancing");

    // The same address leads somebody else to the same.
    const bob = await kit.window("bob");
    await bob.goto(ada.url());
    await untilCount(bob, "1 of 12 candidates");

    await ada.getByRole("searchbox", { name: "Search" }).fill("no candidate says this");
    await ada.getByRole("heading", { name: "No candidate matches" }).waitFor();
    await ada.getByRole("main").getByRole("button", { name: "Clear filters" }).first().click();
    await untilCount(ada, "12 of 12 candidates");
    expect(await ada.getByRole("searchbox", { name: "Search" }).inputValue()).toBe("");
    expect(await ada.getByLabel("Order", { exact: true }).inputValue()).toBe("best");

    // The run page shows a dozen at most, and leads on to the rest.
    await openRun(ada, kit, run);
    await stepRegion(ada, 2).getByRole("link", { name: "Open in the gallery" }).click();
    await untilCount(ada, "8 of 12 candidates");

    // The last step has winners.
    await approve(kit, run, 2, { topK: 1 });
    await ada.getByRole("gridcell", { name: /Winner$/ }).waitFor();
    expect(await ada.getByRole("gridcell", { name: /below top-K/ }).count()).toBe(7);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("shows 1,200 candidates with few of them on the page, and announces new ones instead of moving any", async () => {
    const run = await waitingRun(kit, 3);
    await addCandidates(kit, run, 1, 1_197);
    const ada = await kit.window("ada");
    await openGallery(ada, kit, run, "?sort=newest");
    await untilCount(ada, "1200 of 1200 candidates");
    const tiles = ada.getByRole("gridcell");
    expect(await tiles.count()).toBeLessThan(80);

    // To the far end, by the wheel, as fast as somebody turns it.
    await ada.mouse.move(600, 600);
    await expect
      .poll(
        async () => {
          await ada.mouse.wheel(0, 8_000);
          return await tile(ada, "1").count();
        },
        { timeout: 60_000, interval: 100 },
      )
      .toBe(1);
    expect(await tiles.count()).toBeLessThan(80);
    await ada.evaluate(() => scrollTo({ top: 0 }));
    const before = await labels(ada);

    // An import is an arrival like any other.
    const { id: stepId } = await stepOf(kit, run, 1);
    await mutate(kit, "importCandidates", { stepId, candidates: [{ text: "One more line" }, { text: "And another" }] });
    await ada.getByRole("button", { name: "2 new: show" }).waitFor();
    expect(await labels(ada)).toEqual(before);
    await ada.getByRole("button", { name: "2 new: show" }).click();
    await untilCount(ada, "1202 of 1202 candidates");
    await ada.getByText("And another", { exact: true }).waitFor();
    expect((await labels(ada)).slice(2, 8)).toEqual(before.slice(0, 6));
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("is taken along: the selected, or what matches the filters, as files with a manifest, and the votes as pairs", async () => {
    const run = await waitingRun(kit, 4);
    const ada = await kit.window("ada");
    await openGallery(ada, kit, run);
    for (const label of ["2", "4"]) {
      await tile(ada, label).focus();
      await ada.keyboard.press("Space");
    }
    const selected = await taken(ada, () =>
      ada.getByRole("region", { name: "Selection" }).getByRole("link", { name: "Download" }).click(),
    );
    expect(selected.candidates.map(({ label }) => label)).toEqual(expect.arrayContaining(["2", "4"]));
    expect([selected.candidates.length, selected.texts]).toEqual([2, 2]);

    const { text } = await kit.db.one<{ text: string }>(
      `SELECT text FROM candidates WHERE pipeline_run_id = $1 AND ordinal = 3`,
      [run.number],
    );
    await ada.getByRole("searchbox", { name: "Search" }).fill(text);
    await untilCount(ada, "1 of 4 candidates");
    const matching = await taken(ada, async () => {
      await ada.getByRole("button", { name: "Download…" }).click();
      await ada.getByRole("menuitem", { name: "Those that match the filters (1)" }).click();
    });
    expect(matching.candidates.map(({ label }) => label)).toEqual(["3"]);
    await ada.getByRole("button", { name: "Download…" }).click();
    const pairs = ada.waitForEvent("download");
    await ada.getByRole("menuitem", { name: "Of the run", exact: true }).click();
    expect((await pairs).suggestedFilename()).toMatch(/\.jsonl$/);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

interface Manifest {
  readonly candidates: readonly { readonly label: string }[];
}

/** The archive that something downloads. */
async function taken(page: Page, start: () => Promise<void>): Promise<Manifest & { readonly texts: number }> {
  const download = page.waitForEvent("download");
  await start();
  const files = await unzip(await readFile(await (await download).path()));
  const manifest = JSON.parse(files.get("manifest.json")?.toString() ?? "") as Manifest;
  return { ...manifest, texts: [...files.keys()].filter((name) => name.endsWith(".txt")).length };
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { labels, openGallery, tile, untilCount } from "../kit/gallery-page.ts";
import { openRun, stepRegion } from "../kit/run-page.ts";
import { applyPipeline, createRun, mutate, stepOf, untilStep } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
  await applyPipeline(kit, "Lines", [
    "{ name: Draft, type: generate, generator: grammar, gate: manual, max_rounds: 2 }",
    "{ name: Polish, type: generate, generator: grammar, gate: manual }",
  ]);
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("finding candidates in the gallery", () => {
  it("by their round, by whether they were made or imported, and in tiles of the size one likes", async () => {
    const run = await createRun(kit, "Lines", { maxChildrenPerNode: 3, defaultTopK: 1 });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    const { id: stepId } = await stepOf(kit, run, 1);
    const imported = await mutate(kit, "importCandidates", { stepId, candidates: [{ text: "A line from elsewhere" }] });
    expect(imported.__typename).toBe("ImportCandidatesSuccess");
    const ada = await kit.window("ada");
    await openGallery(ada, kit, run, "?step=1");
    await untilCount(ada, "4 of 4 candidates");
    // There is one round, and nothing to choose.
    expect(await ada.getByLabel("Round", { exact: true }).count()).toBe(0);

    await ada.getByLabel("Origin", { exact: true }).selectOption({ label: "Imported" });
    await untilCount(ada, "1 of 4 candidates");
    await ada.getByText("A line from elsewhere", { exact: true }).waitFor();
    await ada.reload();
    await untilCount(ada, "1 of 4 candidates");
    expect(await ada.getByLabel("Origin", { exact: true }).inputValue()).toBe("imported");
    await ada.getByLabel("Origin", { exact: true }).selectOption({ label: "Made here" });
    await untilCount(ada, "3 of 4 candidates");
    expect(await ada.getByText("A line from elsewhere", { exact: true }).count()).toBe(0);
    await ada.getByLabel("Origin", { exact: true }).selectOption({ label: "Made anywhere" });
    await untilCount(ada, "4 of 4 candidates");

    const widthOf = async () => Math.round((await tile(ada, "1").boundingBox())?.width ?? 0);
    const medium = await widthOf();
    const sizes = ada.getByRole("radiogroup", { name: "Size of the tiles" });
    await sizes.getByText("L", { exact: true }).click();
    await expect.poll(widthOf).toBeGreaterThan(medium * 1.3);
    await ada.reload();
    await untilCount(ada, "4 of 4 candidates");
    await expect.poll(widthOf).toBeGreaterThan(medium * 1.3);
    await sizes.getByText("S", { exact: true }).click();
    await expect.poll(widthOf).toBeLessThan(medium);

    // Sent back by somebody else: there is a second round to choose, and what was shown stays where it is.
    const before = await labels(ada);
    const sent = await mutate(kit, "sendBackStep", { stepId, toStepId: stepId, comment: "Shorter" }, "bob");
    expect(sent.__typename).toBe("SendBackStepSuccess");
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    await ada.getByRole("button", { name: "3 new: show" }).waitFor();
    expect(await labels(ada)).toEqual(before);
    await ada.getByLabel("Round", { exact: true }).selectOption({ label: "Round 2" });
    await untilCount(ada, "3 of 7 candidates");
    await ada.getByLabel("Origin", { exact: true }).selectOption({ label: "Imported" });
    await ada.getByRole("heading", { name: "No candidate matches" }).waitFor();
    await ada.getByLabel("Round", { exact: true }).selectOption({ label: "Round 1" });
    await untilCount(ada, "1 of 7 candidates");
    await ada.reload();
    await untilCount(ada, "1 of 7 candidates");
    // Another step has other rounds.
    await ada.getByLabel("Step", { exact: true }).selectOption({ label: "Step 2: Polish" });
    await ada.getByRole("heading", { name: "No candidate matches" }).waitFor();
    expect(new URL(ada.url()).searchParams.has("round")).toBe(false);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("leads from a candidate to its place in the lineage, which outlasts a reload, and from there back", async () => {
    const run = await createRun(kit, "Lines", { maxChildrenPerNode: 3, defaultTopK: 1 });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    const ada = await kit.window("ada");
    await openGallery(ada, kit, run);
    await tile(ada, "2").click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByRole("link", { name: "Show in the lineage" }).click();
    await ada.waitForURL(/\/lineage\?/);
    const id = new URL(ada.url()).searchParams.get("candidate");
    const inTheTree = async () => {
      const card = ada.locator(`[id="lineage-${id}"][data-active]`);
      await card.waitFor();
      const tree = ada.getByRole("application", { name: /^Lineage of run/ });
      const [place, frame] = [(await card.boundingBox())!, (await tree.boundingBox())!];
      expect(place.x).toBeGreaterThanOrEqual(frame.x);
      expect(place.x + place.width).toBeLessThanOrEqual(frame.x + frame.width);
      expect(place.y).toBeGreaterThanOrEqual(frame.y);
      expect(place.y + place.height).toBeLessThanOrEqual(frame.y + frame.height);
      await ada.getByText(/^Candidate 2 ·/).waitFor();
    };
    await inTheTree();
    await ada.reload();
    await inTheTree();

    await ada.getByRole("link", { name: "Show in the gallery" }).click();
    await dialog.getByText(/^[1-3] of 3$/).waitFor();
    await dialog.getByRole("heading", { name: "Candidate 2", exact: true }).waitFor();
    await ada.goBack();
    await inTheTree();
    await ada.getByRole("link", { name: "Gallery", exact: true }).click();
    await untilCount(ada, "3 of 3 candidates");

    // The run page leads there as well.
    await openRun(ada, kit, run);
    await stepRegion(ada, 1).getByRole("button", { name: "Actions for candidate 2" }).click();
    await ada.getByRole("menuitem", { name: "Show in the lineage" }).click();
    await inTheTree();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { applyPipeline, createRun, untilStep } from "../kit/spec-runs.ts";
import { steeredGenerator } from "../kit/steered-generator.ts";
import { openVoting } from "../kit/voting-page.ts";

const writer = steeredGenerator("writer");
let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit({ generators: [writer] });
  await applyPipeline(kit, "Notices", ["{ name: Draft, type: generate, generator: writer, gate: manual }"]);
});
afterAll(() => kit[Symbol.asyncDispose]());

const LINES = Array.from({ length: 80 }, (_, index) => `Line ${index + 1} of the timetable.`).join("\n");

describe("voting on texts", () => {
  it("D marks what differs, word by word; long ones scroll together", async () => {
    const run = await createRun(kit, "Notices", { maxChildrenPerNode: 2, defaultTopK: 1, reviewFirstStep: true });
    for (const words of ["sails at eight", "leaves at noon"]) {
      (await writer.attempt()).finish({ text: `The ferry ${words}.\n${LINES}` });
    }
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    const ada = await kit.window("ada");
    await openVoting(ada, kit, run);
    const [left, right] = [ada.getByRole("region", { name: "Left" }), ada.getByRole("region", { name: "Right" })];
    expect(await left.locator("ins, del").count()).toBe(0);

    await ada.keyboard.press("d");
    await left.locator("del").first().waitFor();
    const marked = async () => [
      await left.locator("del").allTextContents(),
      await right.locator("ins").allTextContents(),
    ];
    expect((await marked()).map((words) => [...words].sort()).sort()).toEqual([
      ["eight", "sails"],
      ["leaves", "noon"],
    ]);
    // All of each text is still there, in one piece.
    expect(await left.getByText("Line 80 of the timetable.").count()).toBe(1);
    await ada.keyboard.press("d");
    await left.locator("del").first().waitFor({ state: "detached" });

    await left.getByRole("group", { name: "Left text" }).evaluate((text) => {
      text.scrollTop = text.scrollHeight;
    });
    await expect
      .poll(() => right.getByRole("group", { name: "Right text" }).evaluate((text) => text.scrollTop))
      .toBeGreaterThan(200);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

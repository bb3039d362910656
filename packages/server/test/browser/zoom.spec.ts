import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { pinch } from "../kit/fingers.ts";
import { openGallery, tile } from "../kit/gallery-page.ts";
import { type ApiRun, applyPipeline, createRun, untilStep } from "../kit/spec-runs.ts";
import { openVoting } from "../kit/voting-page.ts";

let kit: BrowserKit;
let run: ApiRun;
beforeAll(async () => {
  kit = await browserKit();
  await applyPipeline(kit, "Small pictures", [
    "{ name: Form, type: generate, generator: cppn, config: { size: 64 }, gate: manual }",
  ]);
  run = await createRun(kit, "Small pictures", { maxChildrenPerNode: 4, defaultTopK: 2, reviewFirstStep: true });
  await untilStep(kit, run, 1, "AWAITING_APPROVAL");
});
afterAll(() => kit[Symbol.asyncDispose]());

/** How the pictures are enlarged and moved that are in something. */
async function scales(within: Page | Locator): Promise<number[]> {
  return await within
    .locator("[data-frame]:visible")
    .evaluateAll((frames) =>
      frames.map((frame) => new DOMMatrix(getComputedStyle(frame.firstElementChild as Element).transform).a),
    );
}

describe("zooming", () => {
  it("two fingers enlarge both pictures of a pair on a phone, and see them whole again", async () => {
    const ada = await kit.window("ada", { phone: true });
    await openVoting(ada, kit, run);
    const left = ada.getByRole("region", { name: "Left" });
    await pinch(ada, left, 60, 180);
    const [one = 1, other = 1] = await scales(ada);
    expect(one).toBeGreaterThan(2);
    expect(other).toBe(one);
    // Upwards, where the page itself could be scrolled.
    await pinch(ada, left, 60, 90, { x: 0.1, y: 1 });
    expect((await scales(ada))[0]).toBeGreaterThan(one * 1.2);
    await pinch(ada, left, 300, 30);
    await expect.poll(() => scales(ada)).toEqual([1, 1]);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("two fingers enlarge what is open in the gallery on a phone; the next candidate is seen whole", async () => {
    const bob = await kit.window("bob", { phone: true });
    await openGallery(bob, kit, run);
    await bob.getByRole("gridcell").first().tap();
    const dialog = bob.getByRole("dialog");
    const picture = dialog.getByRole("img", { name: /^Candidate/ });
    const first = await picture.getAttribute("alt");
    const frame = dialog.locator("[data-frame]");
    await pinch(bob, frame, 50, 150, { x: 0.2, y: 1 });
    expect((await scales(dialog))[0]).toBeGreaterThan(2);
    await dialog.getByRole("group", { name: "Zoom of the picture" }).waitFor();
    await dialog.getByRole("button", { name: "Next candidate" }).tap();
    await expect.poll(() => picture.getAttribute("alt")).not.toBe(first);
    expect(await scales(dialog)).toEqual([1]);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("pictures that are compared in the gallery are enlarged and moved together, by wheel, drag, keys and buttons", async () => {
    const carol = await kit.window("carol");
    await openGallery(carol, kit, run);
    for (const label of ["1", "2", "4"]) {
      await tile(carol, label).focus();
      await carol.keyboard.press("Space");
    }
    await carol.keyboard.press("c");
    const dialog = carol.getByRole("dialog", { name: "Compare 3 candidates" });
    await dialog.getByRole("img").nth(2).waitFor();
    const together = async () => {
      const transforms = await dialog
        .locator("[data-frame]")
        .evaluateAll((frames) => frames.map((frame) => getComputedStyle(frame.firstElementChild as Element).transform));
      expect(transforms).toHaveLength(3);
      expect(new Set(transforms).size).toBe(1);
      return transforms[0];
    };
    const whole = await together();
    await carol.keyboard.press("z");
    await expect.poll(together).toBe("matrix(2.5, 0, 0, 2.5, 0, 0)");
    const middle = dialog.locator("[data-frame]").nth(1);
    const box = (await middle.boundingBox())!;
    const at = { x: box.x + box.width / 4, y: box.y + box.height / 4 };
    await carol.mouse.move(at.x, at.y);
    await carol.mouse.wheel(0, -120);
    await expect.poll(together).not.toBe("matrix(2.5, 0, 0, 2.5, 0, 0)");
    const wheeled = await together();
    await carol.mouse.down();
    await carol.mouse.move(at.x + 30, at.y + 20, { steps: 3 });
    await carol.mouse.up();
    await expect.poll(together).not.toBe(wheeled);
    await dialog.getByRole("button", { name: "Zoom in" }).click();
    await carol.keyboard.press("0");
    await expect.poll(together).toBe(whole);
    await carol.keyboard.press("+");
    await expect.poll(together).toBe("matrix(1.5, 0, 0, 1.5, 0, 0)");
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("two pictures in the gallery are laid one over the other, and a slider covers as much of one as is wanted", async () => {
    const dora = await kit.window("dora");
    await openGallery(dora, kit, run);
    for (const label of ["1", "2"]) await tile(dora, label).press("Space");
    await dora.keyboard.press("c");
    const dialog = dora.getByRole("dialog", { name: "Compare 2 candidates" });
    await dialog.getByText("Slider", { exact: true }).click();
    const slider = dialog.getByRole("slider", { name: "How much of candidate 1 covers candidate 2, in percent" });
    const covered = async () => {
      const clips = await dialog
        .locator("div[style*=clip-path]")
        .evaluateAll((all) => all.map((each) => getComputedStyle(each).clipPath));
      return [await slider.getAttribute("aria-valuenow"), ...clips];
    };
    await expect.poll(covered).toEqual(["50", "inset(0px 50% 0px 0px)"]);
    await slider.press("ArrowRight");
    await expect.poll(covered).toEqual(["51", "inset(0px 49% 0px 0px)"]);
    await slider.press("Home");
    await expect.poll(covered).toEqual(["0", "inset(0px 100% 0px 0px)"]);
    // The address says how they are shown.
    await dora.reload();
    await expect.poll(covered).toEqual(["50", "inset(0px 50% 0px 0px)"]);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

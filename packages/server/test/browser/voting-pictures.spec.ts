import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { type ApiRun, applyPipeline, approve, createRun, untilStep } from "../kit/spec-runs.ts";
import { openVoting, pairOn, untilPrepared, untilReady } from "../kit/voting-page.ts";

let kit: BrowserKit;
let run: ApiRun;
beforeAll(async () => {
  kit = await browserKit();
  await applyPipeline(kit, "Small pictures", [
    "{ name: Form, type: generate, generator: cppn, config: { size: 64 }, gate: manual }",
    "{ name: Colour, type: generate, generator: cppn, config: { size: 64 }, gate: manual }",
  ]);
  run = await createRun(kit, "Small pictures", { maxChildrenPerNode: 4, defaultTopK: 2 });
  await untilStep(kit, run, 1, "AWAITING_APPROVAL");
});
afterAll(() => kit[Symbol.asyncDispose]());

/** How the pictures on the screen are enlarged and moved. */
async function transforms(page: Page): Promise<readonly string[]> {
  return await page
    .getByRole("region", { name: /^(Left|Right)$/ })
    .evaluateAll((sides) =>
      sides.map((side) => getComputedStyle(side.querySelector("img")?.parentElement as Element).transform),
    );
}

const WHOLE = "matrix(1, 0, 0, 1, 0, 0)";

describe("voting on pictures", () => {
  it("Z, wheel, drag and double click enlarge and move both alike; the next pair keeps it; Esc shows them whole", async () => {
    const ada = await kit.window("ada");
    await openVoting(ada, kit, run);
    expect(await transforms(ada)).toEqual([WHOLE, WHOLE]);
    const together = async () => {
      const [left, right] = await transforms(ada);
      expect(left).toBe(right);
      return left;
    };

    await ada.keyboard.press("z");
    const zoomed = await together();
    expect(zoomed).toBe("matrix(2.5, 0, 0, 2.5, 0, 0)");
    await ada.getByText("250 %", { exact: true }).waitFor();

    const left = ada.getByRole("region", { name: "Left" });
    const box = (await left.boundingBox())!;
    const at = { x: box.x + box.width / 4, y: box.y + box.height / 4 };
    await ada.mouse.move(at.x, at.y);
    await ada.mouse.wheel(0, -120);
    await expect.poll(together).not.toBe(zoomed);
    const wheeled = await together();
    await ada.mouse.down();
    await ada.mouse.move(at.x + 40, at.y + 20, { steps: 3 });
    await ada.mouse.up();
    const dragged = await together();
    expect(dragged).not.toBe(wheeled);
    await ada.keyboard.press("Shift+ArrowRight");
    const moved = await together();
    expect(moved).not.toBe(dragged);

    // The next pair is looked at in the same way, and Escape leaves it for good.
    await untilPrepared(ada);
    const before = await pairOn(ada);
    await ada.keyboard.press("ArrowLeft");
    expect(await pairOn(ada)).not.toBe(before);
    expect(await together()).toBe(moved);
    await ada.keyboard.press("Escape");
    expect(await together()).toBe(WHOLE);

    // By mouse alone.
    await left.dblclick({ position: { x: 20, y: 20 } });
    expect(await together()).not.toBe(WHOLE);
    await ada.getByRole("switch", { name: "Keep for the next pair" }).click();
    await untilReady(ada);
    await untilPrepared(ada);
    await ada.getByRole("button", { name: "Right is better" }).click();
    expect(await together()).toBe(WHOLE);

    // One at a time, in the same place.
    await untilReady(ada);
    await ada.keyboard.press("f");
    await ada.getByRole("region", { name: "Left" }).waitFor();
    expect(await ada.getByRole("region", { name: "Right" }).count()).toBe(0);
    await ada.keyboard.press("f");
    await ada.getByRole("region", { name: "Right" }).waitFor();
    expect(await ada.getByRole("region", { name: "Left" }).count()).toBe(0);
    await ada.keyboard.press("Escape");
    await ada.getByRole("region", { name: "Left" }).waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("V4: puts the next pair on the screen with the key itself, from pictures that are loaded already", async () => {
    const bob = await kit.window("bob");
    await openVoting(bob, kit, run);
    await untilPrepared(bob);
    const before = await pairOn(bob);
    const asked: string[] = [];
    bob.on("request", (request) => void asked.push(new URL(request.url()).pathname));

    // Within the page: what the frame that follows the key would paint.
    const shown = await bob.evaluate(() => {
      window.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
      return new Promise<{ sources: string[]; decoded: boolean }>((resolve) =>
        requestAnimationFrame(() => {
          const images = [
            ...document.querySelectorAll<HTMLImageElement>('[aria-busy="false"] section img[alt]'),
          ].filter(({ alt }) => alt === "Left" || alt === "Right");
          resolve({
            sources: images.map(({ src }) => src),
            decoded: images.every(({ complete, naturalWidth }) => complete && naturalWidth > 0),
          });
        }),
      );
    });
    expect(shown.decoded).toBe(true);
    expect(shown.sources).toHaveLength(2);
    expect(shown.sources.join(" | ")).not.toBe(before);
    // What is asked for is the pair after this one.
    const paths = shown.sources.map((source) => new URL(source).pathname);
    expect(asked.filter((path) => paths.includes(path))).toEqual([]);
    await bob.getByText("You have judged 1 pair here").waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("V4: tells nothing of ratings, places, makers or votes, and shows what both were made from", async () => {
    const carol = await kit.window("carol");
    await approve(kit, run, 1, { topK: 1 });
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    await openVoting(carol, kit, run, 2);
    // Everything that is written, read out or shown on hover. The rest are class names and addresses by content.
    const told = await carol.locator("#main").evaluate((main) =>
      [...main.querySelectorAll("*")]
        .flatMap((each) => [...each.attributes].filter(({ name }) => /^(aria-|alt$|title$|data-|id$)/.test(name)))
        .map(({ value }) => value)
        .concat(main.textContent ?? "")
        .join("\n"),
    );
    for (const secret of [/\belo\b/i, /rating/i, /cppn/i, /candidate \d/i, /seed/i, /±/, /\b1\.\d\b/]) {
      expect(told).not.toMatch(secret);
    }
    await carol.getByRole("button", { name: "What both were made from" }).click();
    await carol.getByRole("img", { name: "What both were made from" }).waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

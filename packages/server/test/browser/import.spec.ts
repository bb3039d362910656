import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { plainPicture } from "../kit/plain-picture.ts";
import { openRun, stepRegion } from "../kit/run-page.ts";
import { applyPipeline, approve, createRun, untilStep } from "../kit/spec-runs.ts";
import { steeredGenerator } from "../kit/steered-generator.ts";

const painter = steeredGenerator("painter", "image");
let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit({ generators: [painter] });
  await applyPipeline(kit, "Portrait", [
    "{ name: Sketch, type: generate, generator: painter, gate: manual }",
    "{ name: Paint, type: generate, generator: painter, gate: manual }",
  ]);
});
afterAll(() => kit[Symbol.asyncDispose]());

const png = async (name: string, colour: string) => ({
  name,
  mimeType: "image/png",
  buffer: await plainPicture(colour),
});

describe("importing candidates", () => {
  it("takes two pictures into a step, says who brought them from where, and lets people compare them", async () => {
    const run = await createRun(kit, "Portrait", { maxChildrenPerNode: 1, defaultTopK: 1, reviewFirstStep: true });
    (await painter.attempt()).finish({
      assets: [{ bytes: await plainPicture("#ff0000"), mediaType: "image/png" }],
    });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    await ada.getByRole("button", { name: "More for step 1" }).click();
    await ada.getByRole("menuitem", { name: "Import candidates…" }).click();
    const dialog = ada.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "Import", exact: true }).isDisabled()).toBe(true);

    // What is no picture is refused at its name, and nothing comes in.
    const files = dialog.getByLabel("Picture files");
    await files.setInputFiles([
      await png("green.png", "#00ff00"),
      await png("blue.png", "#0000ff"),
      { name: "notes.png", mimeType: "image/png", buffer: Buffer.from("only words") },
    ]);
    await dialog.getByLabel("Where from").fill("Midjourney");
    await dialog.getByRole("button", { name: "Import 3 candidates" }).click();
    await dialog
      .getByRole("listitem")
      .filter({ hasText: "notes.png" })
      .getByText("The file is no PNG, JPEG, WebP, GIF or AVIF picture.")
      .waitFor();
    expect(await stepRegion(ada, 1).getByRole("article").count()).toBe(1);
    await dialog.getByRole("button", { name: "Take out notes.png" }).click();
    await dialog.getByRole("button", { name: "Import 2 candidates" }).click();
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => stepRegion(ada, 1).getByRole("article").count()).toBe(3);
    await stepRegion(ada, 1).getByText("Awaiting Approval (3 candidates ready)").first().waitFor();

    await stepRegion(ada, 1).getByRole("button", { name: "View candidate 3 large" }).click();
    await ada.getByRole("dialog").getByText("by ada from Midjourney").waitFor();
    await ada.keyboard.press("Escape");

    // All three are compared like any others.
    await ada.getByRole("link", { name: "Vote on step 1" }).click();
    for (const words of ["1 pair", "2 pairs", "3 pairs"]) {
      await ada.locator('[aria-busy="false"]').getByRole("region", { name: "Left" }).waitFor();
      await ada.keyboard.press("ArrowLeft");
      await ada.getByText(`You have judged ${words} here`).waitFor();
    }
    expect(await kit.db.one(`SELECT count(*)::int AS n FROM votes`)).toEqual({ n: 3 });
    // The refusal above is all that the console may tell of.
    expect(kit.pageErrors.filter((error) => !error.includes("422"))).toEqual([]);
  }, 120_000);

  it("asks from which candidate that of a later step was made, refuses what the step does not make, and is for operators", async () => {
    const run = await createRun(kit, "Portrait", { maxChildrenPerNode: 1, defaultTopK: 1 });
    const picture = { assets: [{ bytes: await plainPicture("#ff00ff"), mediaType: "image/png" }] };
    (await painter.attempt()).finish(picture);
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    await approve(kit, run, 1);
    (await painter.attempt()).finish(picture);
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    await ada.getByRole("button", { name: "More for step 2" }).click();
    await ada.getByRole("menuitem", { name: "Import candidates…" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByLabel("Made from").selectOption({ label: "Candidate 1" });
    await dialog.getByLabel("Or a text").fill("A painting in words");
    await dialog.getByRole("button", { name: "Import 1 candidate" }).click();
    // Said beside the text, which is not lost.
    await dialog.getByText("Step 2 (Paint) makes pictures, and this has no picture: give it one.").waitFor();
    await dialog.getByLabel("Or a text").fill("");
    await dialog.getByLabel("Picture files").setInputFiles([await png("painted.png", "#00ffff")]);
    await dialog.getByRole("button", { name: "Import 1 candidate" }).click();
    await dialog.waitFor({ state: "detached" });
    await stepRegion(ada, 2).getByRole("article", { name: "Candidate 1.2" }).waitFor();

    const vera = await kit.window("vera", { role: "VOTER" });
    await openRun(vera, kit, run);
    expect(await vera.getByRole("button", { name: "More for step 2" }).count()).toBe(0);
    expect(kit.pageErrors.filter((error) => !error.includes("422"))).toEqual([]);
  }, 120_000);
});

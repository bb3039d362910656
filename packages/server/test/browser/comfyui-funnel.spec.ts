import { type ComfyServer, startComfyServer } from "@sluice/generators/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { exampleFile } from "../kit/operators-file.ts";
import { stepRegion } from "../kit/run-page.ts";

const stack = new AsyncDisposableStack();
let comfy: ComfyServer;
let kit: BrowserKit;
beforeAll(async () => {
  comfy = stack.use(await startComfyServer());
  const file = stack.use(await exampleFile("comfyui-portraits.yaml", { "http://127.0.0.1:8188": comfy.url }));
  kit = stack.use(await browserKit({ pipelinesFile: file.path }));
});
afterAll(() => stack.disposeAsync());

describe("a funnel of portraits from ComfyUI, from the dashboard alone", () => {
  it("shows progress and previews, closes the gate, and makes children of the chosen parents only", async () => {
    const ada = await kit.window("ada");
    const missing: string[] = [];
    ada.on("response", (answer) => void (answer.status() === 404 && missing.push(new URL(answer.url()).pathname)));
    await ada.goto(`${kit.url}/runs/new?pipeline=Portraits`);
    await ada.getByLabel("Prompt").fill("a harbour master");
    await ada.getByText("In this pipeline a person opens the first step's gate.").waitFor();
    comfy.hold();
    await ada.getByRole("button", { name: "Start run" }).click();
    await comfy.held();

    const first = stepRegion(ada, 1);
    const preview = first.getByRole("img", { name: /^Candidate \d so far$/ });
    await expect.poll(() => preview.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await first
      .getByRole("progressbar", { name: /^Making of candidate/ })
      .first()
      .waitFor();
    comfy.release();

    await first.getByText("Awaiting Approval (5 candidates ready)").first().waitFor();
    const pictures = first.getByRole("list", { name: "Candidates of Portrait" }).getByRole("img");
    await expect.poll(() => pictures.count()).toBe(5);
    expect(comfy.submitted).toHaveLength(5);

    // One vote puts a candidate first, and K=1 lets it alone go on.
    await ada.getByRole("link", { name: "Vote on step 1" }).click();
    await ada.locator('[aria-busy="false"]').getByRole("region", { name: "Left" }).waitFor();
    await ada.keyboard.press("ArrowLeft");
    await ada.getByText("You have judged 1 pair here").waitFor();
    await ada.getByRole("link", { name: /^Run #\d+/ }).click();
    await ada.getByRole("button", { name: "Approve Step 1" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "K" }).fill("1");
    await dialog.getByText("Starts 3 jobs").waitFor();
    const best = await dialog.getByRole("list", { name: "Candidates by Elo" }).getByRole("listitem").first();
    const parent = (await best.getAttribute("aria-label"))?.replace("Candidate ", "");
    await dialog.getByRole("button", { name: "Approve with K=1" }).click();
    await dialog.waitFor({ state: "detached" });

    const second = stepRegion(ada, 2);
    await second.getByText("Awaiting Approval (3 candidates ready)").first().waitFor();
    for (const place of [1, 2, 3]) {
      await second.getByRole("article", { name: `Candidate ${parent}.${place}`, exact: true }).waitFor();
    }
    expect(comfy.submitted).toHaveLength(8);
    expect(comfy.requests.filter((request) => request.startsWith("POST /upload/image"))).not.toHaveLength(0);

    await ada.getByRole("button", { name: "Approve Step 2" }).click();
    await dialog.getByRole("button", { name: "Approve with K=1" }).click();
    await dialog.waitFor({ state: "detached" });
    await ada.getByRole("region", { name: "Winners" }).getByRole("listitem").first().waitFor();
    // A preview may be gone with its job before the browser fetched it; nothing else may be missing.
    expect(missing.filter((path) => !/^\/jobs\/\d+\/preview$/.test(path))).toEqual([]);
    expect(kit.pageErrors.filter((error) => !error.includes("404"))).toEqual([]);
    expect(kit.logged).toEqual([]);
  }, 180_000);
});

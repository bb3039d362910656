import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { stepRegion } from "../kit/run-page.ts";
import { applyPipeline } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("the form for a new run", () => {
  it("says at the field what is wrong, and changes nothing of what was typed", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/new?pipeline=Taglines`);
    const [n, k, prompt] = [ada.getByLabel("N, children"), ada.getByLabel("K, candidates"), ada.getByLabel("Prompt")];
    await n.fill("0");
    await k.fill("0");
    await ada.getByRole("button", { name: "Start run" }).click();
    await ada.getByText("N must be a whole number from 1 to 100").waitFor();
    await ada.getByText("K must be at least 1").waitFor();
    await ada.getByText("Write what the candidates should be").waitFor();
    expect([await n.inputValue(), await k.inputValue()]).toEqual(["0", "0"]);

    await n.fill("101");
    await ada.getByText("N must be a whole number from 1 to 100").waitFor();
    await n.fill("2");
    await k.fill("1");
    // What only the server knows stands at its field too.
    await prompt.fill("x".repeat(20_001));
    await ada.getByRole("button", { name: "Start run" }).click();
    await ada.getByText("The prompt is longer than 20000 characters.").waitFor();

    await prompt.fill("a bakery");
    await ada.getByRole("button", { name: "Start run" }).click();
    await ada.waitForURL(/\/runs\/(?!new)[^/]+$/);
    await expect
      .poll(() =>
        kit.db.one(
          `SELECT max_children_per_node AS n, default_top_k AS k, prompt FROM pipeline_runs ORDER BY id DESC LIMIT 1`,
        ),
      )
      .toEqual({ n: 2, k: 1, prompt: "a bakery" });
  }, 120_000);

  it("A2: leaves a step the N of its pipeline unless somebody chose another, and asks for no K where there is no gate", async () => {
    await applyPipeline(kit, "Ungated", ["{ name: Draft, type: generate, generator: grammar, gate: open, n: 4 }"]);
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/new?pipeline=Ungated`);
    await ada.getByText("This pipeline has no gates").waitFor();
    expect(await ada.getByLabel("K, candidates").count()).toBe(0);
    expect(await ada.getByLabel("Review the first step").count()).toBe(0);

    await ada.getByLabel("Prompt").fill("a bakery");
    await ada.getByRole("button", { name: "Start run" }).click();
    await stepRegion(ada, 1).waitFor();
    await expect.poll(() => stepRegion(ada, 1).getByRole("article").count()).toBe(4);
    await stepRegion(ada, 1).getByText("automatically", { exact: true }).waitFor();
    await ada.getByRole("link", { name: "All runs", exact: true }).click();
    await ada
      .getByRole("link", { name: /^Run #\d+, a bakery$/ })
      .first()
      .waitFor();
  }, 120_000);

  it("starts no run of a pipeline that was changed since it was shown, and keeps what was typed", async () => {
    await applyPipeline(kit, "Changing", ["{ name: Draft, type: generate, generator: grammar, gate: manual, k: 1 }"]);
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/new?pipeline=Changing`);
    await ada.getByText("a person opens the gate · N 3, K 1").waitFor();
    await ada.getByLabel("Prompt").fill("a bakery");
    const changed = ada.getByText("The pipeline was changed while this was open.", { exact: false });

    // Whether the page hears of it by itself or is told by the server, it shows the new one before it begins a run.
    await applyPipeline(kit, "Changing", ["{ name: Draft, type: generate, generator: grammar, gate: manual, k: 2 }"]);
    await ada.evaluate(() => void window.dispatchEvent(new Event("focus")));
    await changed.waitFor();
    await ada.getByText("a person opens the gate · N 3, K 2").waitFor();
    expect(await ada.getByLabel("Prompt").inputValue()).toBe("a bakery");

    const sent = ada.waitForRequest((request) => request.postData()?.includes("CreateRun(") === true);
    await ada.getByRole("button", { name: "Start run" }).click();
    expect((await sent).postDataJSON()).toMatchObject({ variables: { input: { pipelineVersion: 2 } } });
    await stepRegion(ada, 1).waitFor();
  }, 120_000);

  it("says so when the server knows of a newer version than the form", async () => {
    await applyPipeline(kit, "Raced", ["{ name: Draft, type: generate, generator: grammar, gate: manual, k: 1 }"]);
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/new?pipeline=Raced`);
    await ada.getByLabel("Prompt").fill("a bakery");
    // Changed at the last moment: while the request is on its way.
    let raced = false;
    await ada.route(/\/graphql$/, async (route) => {
      if (!raced && route.request().postData()?.includes("CreateRun(") === true) {
        raced = true;
        await applyPipeline(kit, "Raced", ["{ name: Draft, type: generate, generator: grammar, gate: manual, k: 2 }"]);
      }
      await route.continue();
    });
    await ada.getByRole("button", { name: "Start run" }).click();
    await ada.getByRole("alert").getByText('Version 2 of "Raced" is newer than version 1', { exact: false }).waitFor();
    await ada.getByText("a person opens the gate · N 3, K 2").waitFor();
    await ada.getByRole("button", { name: "Start run" }).click();
    await stepRegion(ada, 1).waitFor();
  }, 120_000);

  it("offers no pipeline whose generator is gone, says which, and keeps what was written over a reload", async () => {
    await applyPipeline(kit, "Broken", ["{ name: Draft, type: generate, generator: grammar, gate: manual, k: 1 }"]);
    await applyPipeline(kit, "aardvark", ["{ name: First, type: generate, generator: grammar, gate: manual, k: 1 }"]);
    await kit.db.query(
      `UPDATE pipeline_steps SET generator = 'gone' WHERE pipeline_id = (SELECT id FROM pipelines WHERE name = 'Broken')`,
    );
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/new?pipeline=Broken`);
    await ada.getByText('Its generator "gone" is not here any more.').waitFor();
    const choice = ada.getByLabel("Pipeline", { exact: true });
    expect(await choice.locator("option").first().textContent()).toBe("aardvark");
    expect(await choice.locator("option:disabled").allTextContents()).toEqual(["Broken (its generator is missing)"]);

    await choice.selectOption("aardvark");
    await ada.getByText("a person opens the gate · N 3, K 1").waitFor();
    await ada.getByText("In this pipeline a person opens the first step's gate.").waitFor();
    await ada.getByLabel("N, children").fill("2");
    await ada.getByText("a person opens the gate · N 2, K 1").waitFor();
    await ada.getByLabel("Prompt").fill("a bakery");
    await ada.reload();
    await expect.poll(() => ada.getByLabel("Prompt").inputValue()).toBe("a bakery");
    expect([await choice.inputValue(), await ada.getByLabel("N, children").inputValue()]).toEqual(["aardvark", "2"]);
  }, 120_000);
});

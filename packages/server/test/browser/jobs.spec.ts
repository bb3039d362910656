import { GeneratorError } from "@sluice/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { plainPicture } from "../kit/plain-picture.ts";
import { openRun, stepRegion } from "../kit/run-page.ts";
import { applyPipeline, createRun, mutate, untilStep } from "../kit/spec-runs.ts";
import { steeredGenerator } from "../kit/steered-generator.ts";

const writer = steeredGenerator("writer");
const painter = steeredGenerator("painter", "image");

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit({ generators: [writer, painter] });
  await applyPipeline(kit, "Essay", ["{ name: Draft, type: generate, generator: writer, gate: manual }"]);
  await applyPipeline(kit, "Portrait", ["{ name: Sketch, type: generate, generator: painter, gate: manual }"]);
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("jobs on the run page", () => {
  it("shows a text while it is written, and then what it took", async () => {
    const run = await createRun(kit, "Essay", { maxChildrenPerNode: 1, defaultTopK: 1, reviewFirstStep: true });
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const step = stepRegion(ada, 1);
    const attempt = await writer.attempt();
    const soFar = step.getByRole("region", { name: "Text of candidate 1 so far" });
    for (const text of ["The mill", "The mill stood", "The mill stood still."]) {
      attempt.context.write(text);
      await soFar.getByText(text, { exact: true }).waitFor();
    }
    const whole = `The mill stood still.\n\n${"A long page. ".repeat(150)}The end.`;
    attempt.finish({
      text: whole,
      usage: { model: "mill-1", costUsd: 0.42, inputTokens: 1200, outputTokens: 340 },
      warnings: ["The model knows no seed."],
    });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    await soFar.waitFor({ state: "detached" });

    await step.getByRole("button", { name: "Show the whole text of candidate 1" }).click();
    await step.getByRole("button", { name: "Show less of candidate 1" }).waitFor();
    await step.getByRole("button", { name: "View candidate 1 large" }).click();
    const details = ada.getByRole("dialog").getByRole("region", { name: "Details" });
    for (const words of ["writer", "mill-1", "1,200 read, 340 written", "$0.42", "The model knows no seed."]) {
      await details.getByText(words, { exact: true }).waitFor();
    }
    await ada.keyboard.press("Escape");
    await ada.getByRole("banner").first().waitFor();
    await ada.getByText("$0.42").waitFor();

    // Who decides reads all of it where they decide.
    await ada.getByRole("button", { name: "Approve Step 1" }).click();
    await ada
      .getByRole("dialog")
      .getByText(/The end\.$/)
      .waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("shows progress with a picture of what is coming, and the log of what failed", async () => {
    const run = await createRun(kit, "Portrait", { maxChildrenPerNode: 2, defaultTopK: 1, reviewFirstStep: true });
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const step = stepRegion(ada, 1);
    const attempts = [await painter.attempt(), await painter.attempt()].sort(
      (one, other) => one.request.ordinal - other.request.ordinal,
    );
    const [first, second] = attempts;
    if (!first || !second) throw new Error("Two attempts begin.");
    await first.context.saveExternalId("prompt-77");
    first.context.log("loading the model");
    first.context.progress(0.25, "Sampling 5/20", { bytes: await plainPicture("#ff0000"), mediaType: "image/png" });
    const tile = step.getByRole("article", { name: "Job for candidate 1" });
    await tile.getByText("Sampling 5/20").waitFor();
    const preview = tile.getByRole("img", { name: "Candidate 1 so far" });
    await expect.poll(() => preview.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    const before = await preview.getAttribute("src");
    first.context.progress(0.5, "Sampling 10/20", { bytes: await plainPicture("#00ff00"), mediaType: "image/png" });
    await tile.getByText("Sampling 10/20").waitFor();
    await expect.poll(() => preview.getAttribute("src")).not.toBe(before);

    await tile.getByRole("button", { name: "Log of job 1" }).click();
    const drawer = ada.getByRole("dialog", { name: "Log of the job" });
    await drawer.getByText("loading the model").waitFor();
    await drawer.getByText("prompt-77").waitFor();
    first.context.log("out of memory at step 10");
    await drawer.getByText("out of memory at step 10").waitFor();
    await drawer.getByRole("button", { name: "Close" }).click();

    first.fail(new GeneratorError("The card has no memory left.", { retryable: false }));
    second.finish({ assets: [{ bytes: await plainPicture("#0000ff"), mediaType: "image/png" }] });
    await step.getByRole("article", { name: "Candidate 2", exact: true }).waitFor();
    await tile.getByText("The card has no memory left.").waitFor();
    await tile.getByText("Failed", { exact: true }).waitFor();
    await tile.getByText("Show log").click();
    await drawer.getByText("out of memory at step 10").waitFor();
    await drawer.getByRole("button", { name: "Close" }).click();

    await step.getByRole("button", { name: "Retry failed jobs" }).click();
    const again = await painter.attempt();
    again.context.progress(0.1, "Once more");
    await tile.getByText("Once more").waitFor();
    again.finish({ assets: [{ bytes: await plainPicture("#ffff00"), mediaType: "image/png" }] });
    await tile.waitFor({ state: "detached" });
    await expect.poll(() => step.getByRole("article").count()).toBe(2);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("cancels one job, by keys as well: the step goes on with the other, and the job is retried", async () => {
    const run = await createRun(kit, "Portrait", { maxChildrenPerNode: 2, defaultTopK: 1, reviewFirstStep: true });
    const ada = await kit.window("ada");
    await kit.token("vera", { role: "VIEWER" });
    const vera = await kit.window("vera");
    await Promise.all([openRun(ada, kit, run), openRun(vera, kit, run)]);
    const attempts = [await painter.attempt(), await painter.attempt()];
    const [first, second] = attempts.sort((one, other) => one.request.ordinal - other.request.ordinal);
    if (!first || !second) throw new Error("Two attempts begin.");
    const stopped = Promise.withResolvers<void>();
    first.context.signal.addEventListener("abort", () => stopped.resolve());

    const step = stepRegion(ada, 1);
    const tile = step.getByRole("article", { name: "Job for candidate 1" });
    const button = tile.getByRole("button", { name: "Cancel job 1" });
    await button.waitFor();
    await stepRegion(vera, 1).getByRole("button", { name: "Show log of job 1" }).waitFor();
    expect(await vera.getByRole("button", { name: /^Cancel job/ }).count()).toBe(0);
    await button.focus();
    await ada.keyboard.press("Enter");
    await stopped.promise;
    for (const window of [ada, vera]) {
      const theirs = stepRegion(window, 1).getByRole("article", { name: "Job for candidate 1" });
      await theirs.getByText("Cancelled by ada.").waitFor();
      await stepRegion(window, 1).getByText("1 job was cancelled", { exact: true }).waitFor();
    }
    await button.waitFor({ state: "detached" });
    await expect
      .poll(() => ada.evaluate(() => document.activeElement?.getAttribute("aria-label")))
      .toBe("Show log of job 1");

    second.finish({ assets: [{ bytes: await plainPicture("#00ffff"), mediaType: "image/png" }] });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    await step.getByRole("button", { name: "Retry cancelled jobs" }).click();
    const again = await painter.attempt();
    again.finish({ assets: [{ bytes: await plainPicture("#ff00ff"), mediaType: "image/png" }] });
    await tile.waitFor({ state: "detached" });
    await expect.poll(() => step.getByRole("article").count()).toBe(2);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("tells once what went wrong with several jobs, and shows each of them on demand", async () => {
    const run = await createRun(kit, "Portrait", { maxChildrenPerNode: 3, defaultTopK: 1, reviewFirstStep: true });
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const attempts = [await painter.attempt(), await painter.attempt(), await painter.attempt()];
    for (const each of attempts) each.fail(new GeneratorError("The studio is locked.", { retryable: false }));
    const step = stepRegion(ada, 1);
    await step.getByText("3 jobs failed", { exact: true }).waitFor();
    await step.getByText("and 2 more the same").waitFor();
    expect(await step.getByText("The studio is locked.").count()).toBe(1);
    await ada.getByRole("article", { name: /^Generation has stopped/ }).waitFor();
    // Once for the run, and once for its jobs.
    expect(await ada.getByText(/The studio is locked\./).count()).toBe(2);
    await step.getByRole("button", { name: /^Show all jobs of Sketch/ }).click();
    await expect.poll(() => step.getByRole("article").count()).toBe(3);
    await step.getByRole("button", { name: "Log of job 3" }).click();
    await ada.getByRole("dialog", { name: "Log of the job" }).getByText("The studio is locked.").waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("tells what a run has spent of its budget, which an operator raises", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/new?pipeline=Essay`);
    await ada.getByLabel("Prompt").fill("a mill");
    await ada.getByLabel("N, children").fill("2");
    await ada.getByLabel("Cost limit in dollars").fill("5");
    await ada.getByLabel("Attempts (optional)").fill("0");
    await ada.getByRole("button", { name: "Start run" }).click();
    await ada.getByText("Attempts must be a whole number from 1").waitFor();
    await ada.getByLabel("Attempts (optional)").fill("1");
    await ada.getByRole("button", { name: "Start run" }).click();
    const attempt = await writer.attempt();
    attempt.finish({ text: "A mill.", usage: { costUsd: 0.5 } });
    await ada.getByText("$0.50 of $5.00 · 1 of 1 attempt: nothing more is begun").waitFor();

    // The page says it where it says why the run waits, with what to do about it; nothing has failed.
    await stepRegion(ada, 1).getByText("1 job was not tried", { exact: true }).waitFor();
    await stepRegion(ada, 1)
      .getByText("Not tried: by then the run had started 1 attempt, and its budget was 1.")
      .waitFor();
    await ada.getByRole("article", { name: /^Generation has stopped/ }).waitFor();
    await ada.getByRole("button", { name: "Raise budget…" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByLabel("Attempts (optional)").fill("10");
    // What somebody else sets meanwhile of the rest stays.
    const runId = decodeURIComponent(new URL(ada.url()).pathname.split("/").at(-1) ?? "");
    await mutate(kit, "setRunBudget", { runId, maxCostUsd: 20 }, "bob");
    await dialog.getByRole("button", { name: "Save the budget" }).click();
    await dialog.waitFor({ state: "detached" });
    await ada.getByText("$0.50 of $20.00 · 1 of 10 attempts").waitFor();
    await ada.getByRole("button", { name: "Raise budget…" }).waitFor({ state: "detached" });
    await stepRegion(ada, 1).getByRole("button", { name: "Retry failed jobs" }).click();
    (await writer.attempt()).finish({ text: "Another mill." });
    await expect.poll(() => stepRegion(ada, 1).getByRole("article").count()).toBe(2);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

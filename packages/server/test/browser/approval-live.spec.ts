import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openApproval, openRun, stepRegion, waitingRun } from "../kit/run-page.ts";
import { type ApiRun, applyPipeline, createRun, mutate, previewOf, stepOf, untilStep } from "../kit/spec-runs.ts";
import { steeredGenerator } from "../kit/steered-generator.ts";
import { pairOn, untilReady } from "../kit/voting-page.ts";

const writer = steeredGenerator("writer");
let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit({ generators: [writer] });
  await applyPipeline(kit, "One draft", ["{ name: Draft, type: generate, generator: writer, gate: manual, n: 1 }"]);
});
afterAll(() => kit[Symbol.asyncDispose]());

const rows = (dialog: Locator) => dialog.getByRole("list", { name: "Candidates by Elo" }).getByRole("listitem");
const order = (dialog: Locator) => rows(dialog).evaluateAll((all) => all.map((row) => row.getAttribute("data-key")));

/** Somebody else finds the last of the ranking better than the first. */
async function voteLastUp(run: ApiRun): Promise<string> {
  const { ranked } = await previewOf(kit, run, 1);
  const [first, last] = [ranked[0], ranked.at(-1)].map((row) => row?.candidate.id ?? "");
  const vote = { leftId: last, rightId: first, outcome: "LEFT" };
  expect(await mutate(kit, "castVote", vote, "bob")).toMatchObject({ __typename: "CastVoteSuccess" });
  return last ?? "";
}

describe("an approval dialog while votes arrive", () => {
  it("moves no row under the pointer, marks what moved, and has it looked at before it is approved", async () => {
    const run = await waitingRun(kit, 8);
    const ada = await kit.window("ada");
    await ada.setViewportSize({ width: 1280, height: 520 });
    await openRun(ada, kit, run);
    const dialog = await openApproval(ada);
    const before = await order(dialog);

    await rows(dialog).nth(5).hover();
    const up = await voteLastUp(run);
    await dialog.getByText("The ranking has changed. It is shown once you leave the list.").waitFor();
    expect(await order(dialog)).toEqual(before);

    // Out of the list, at its end, where the candidate that came up is out of sight.
    await dialog.getByLabel("Comment").hover();
    await dialog.getByText("1 candidate advances now that did not before. Look before you approve.").waitFor();
    expect((await order(dialog))[0]).toBe(up);
    const approveButton = dialog.getByRole("button", { name: "Approve with K=2" });
    expect(await approveButton.isDisabled()).toBe(true);
    await rows(dialog).first().getByText("up 7 since you opened this").waitFor({ state: "attached" });

    await dialog.getByRole("button", { name: "Show what changed" }).click();
    await approveButton.click();
    await dialog.waitFor({ state: "detached" });
    expect(await stepOf(kit, run, 1)).toMatchObject({ status: "APPROVED", advancingCount: 2 });
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("shows large what was asked for, wherever votes move it meanwhile", async () => {
    const run = await waitingRun(kit, 4);
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const dialog = await openApproval(ada);
    const first = await rows(dialog).first().getAttribute("aria-label");
    await rows(dialog).first().getByRole("button").click();
    const large = ada.getByRole("dialog", { name: first ?? "" });
    await large.getByText("1 of 4").waitFor();
    await voteLastUp(run);
    await large.getByText("4 of 4").waitFor();
    await large.getByRole("button", { name: "Next candidate" }).click();
    await ada.getByText("1 of 4").waitFor();
    await ada.keyboard.press("Escape");
    await ada.getByText("1 of 4").waitFor({ state: "detached" });
    await expect.poll(() => dialog.count()).toBe(1);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("A opens it, Escape closes it and gives the focus back; what was written outlasts that and a reload; Enter confirms", async () => {
    const run = await waitingRun(kit, 3);
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    await ada.keyboard.press("a");
    const dialog = ada.getByRole("dialog");
    await dialog.getByLabel("Comment").waitFor();
    // On the page below it, it would lead to the gallery.
    await ada.keyboard.press("g");
    await dialog.getByLabel("Comment").fill("The first line\nand the second");
    await ada.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    const button = ada.getByRole("button", { name: "Approve Step 1" });
    await button.click();
    await expect.poll(() => dialog.getByLabel("Comment").inputValue()).toBe("The first line\nand the second");
    await ada.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);

    await button.click();
    await ada.reload();
    await expect.poll(() => dialog.getByLabel("Comment").inputValue()).toBe("The first line\nand the second");
    // In the comment Enter is a new line; in the number field it confirms.
    await dialog.getByLabel("Comment").focus();
    await ada.keyboard.press("Control+End");
    await ada.keyboard.press("Enter");
    expect(await dialog.getByLabel("Comment").inputValue()).toBe("The first line\nand the second\n");
    await dialog.getByRole("textbox", { name: "K" }).fill("1");
    await ada.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await stepRegion(ada, 1).getByText("Approved (1/3 advancing)", { exact: true }).waitFor();
    expect(await stepOf(kit, run, 1)).toMatchObject({ topKCount: 1, comment: "The first line\nand the second" });
    // Sent, and gone from where it was kept.
    expect(await ada.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes("approve")))).toEqual([]);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("leads to a comparison of the two at the cut", async () => {
    const run = await waitingRun(kit, 3);
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const dialog = await openApproval(ada);
    const texts = await rows(dialog).evaluateAll((all) =>
      all.map((row) => row.querySelector("button")?.textContent ?? ""),
    );
    await dialog.getByRole("link", { name: "Compare these two" }).click();
    await untilReady(ada);
    expect(await pairOn(ada)).toBe(`${texts[1]} | ${texts[2]}`);
    await ada.keyboard.press("ArrowRight");
    await ada.getByText("You have judged 1 pair here").waitFor();
    expect(new URL(ada.url()).search).toBe("");
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("of a single draft shows all of it and asks yes or no, without K, ratings or votes; Ctrl+Enter from the comment", async () => {
    const run = await createRun(kit, "One draft", { reviewFirstStep: true });
    const text = Array.from({ length: 40 }, (_, index) => `Sentence ${index + 1}.`).join("\n");
    (await writer.attempt()).finish({ text });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const dialog = await openApproval(ada);
    await dialog.getByText("Sentence 40.").waitFor();
    expect(await dialog.getByRole("slider").count()).toBe(0);
    expect(await dialog.textContent()).not.toMatch(/K=|\bElo\b|\bvotes?\b/);
    expect(await dialog.getByRole("button", { name: "Approve", exact: true }).isEnabled()).toBe(true);
    await dialog.getByLabel("Comment").fill("Good");
    await ada.keyboard.press("Control+Enter");
    await dialog.waitFor({ state: "detached" });
    expect(await stepOf(kit, run, 1)).toMatchObject({ status: "APPROVED", comment: "Good" });
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

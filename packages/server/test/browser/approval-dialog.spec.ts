import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openApproval, openRun, stepRegion, waitingRun } from "../kit/run-page.ts";
import { approve, mutate, stepOf } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Lets the page believe in a live connection that never says anything: what it shows then grows old. */
async function windowOutOfDate(name: string) {
  const page = await kit.window(name);
  await page.routeWebSocket(/\/graphql$/, () => {});
  return page;
}

describe("the approval dialog", () => {
  it("G6: another person's decision appears in an open approval dialog", async () => {
    const run = await waitingRun(kit, 4);
    const [ada, bob] = [await kit.window("ada"), await kit.window("bob")];
    await openRun(ada, kit, run);
    await openRun(bob, kit, run);
    const hers = await openApproval(ada);

    const his = await openApproval(bob);
    await his.getByRole("textbox", { name: "K" }).fill("3");
    await his.getByRole("button", { name: "Approve with K=3" }).click();
    await his.waitFor({ state: "detached" });

    await hers.getByText("Approved by bob with K=3").waitFor();
    await expect.poll(() => hers.getByRole("button", { name: /^Approve/ }).isDisabled()).toBe(true);
    await hers.getByRole("button", { name: "Close" }).last().click();
    await stepRegion(ada, 1).getByText("by bob", { exact: true }).waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("G6: a rejection says by whom and why, in the dialog, on the step and on top of the run", async () => {
    const run = await waitingRun(kit, 2);
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const dialog = await openApproval(ada);

    const { id } = await stepOf(kit, run, 1);
    await mutate(kit, "rejectStep", { stepId: id, comment: "Too loud" }, "bob");

    await dialog.getByText("Rejected by bob").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await stepRegion(ada, 1)
      .getByText(/^by bob/)
      .waitFor();
    await ada.getByText(`Run #${run.number} was rejected: Too loud`).waitFor();
  }, 120_000);

  it("G4: K may be more than there are candidates, and below 1 it says so", async () => {
    const run = await waitingRun(kit, 3);
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const dialog = await openApproval(ada);
    const k = dialog.getByRole("textbox", { name: "K" });

    for (const wrong of ["0", ""]) {
      await k.fill(wrong);
      await dialog.getByText("K must be at least 1").waitFor();
      expect(await dialog.getByRole("button", { name: "Approve", exact: true }).isDisabled()).toBe(true);
    }
    await k.fill("99");
    await dialog.getByText("All 3 advance").waitFor();
    await dialog.getByText("All advance; there is no cut.").waitFor();
    await dialog.getByRole("button", { name: "Approve with K=99" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await stepOf(kit, run, 1)).toMatchObject({ topKCount: 99, advancingCount: 3 });
  }, 120_000);

  it("G7: a ranking that has changed is not approved, and the new one is shown", async () => {
    const run = await waitingRun(kit, 3);
    const ada = await windowOutOfDate("ada");
    await openRun(ada, kit, run);
    const dialog = await openApproval(ada);

    const { node } = await kit.graphql<{ node: { nextPair: { left: { id: string }; right: { id: string } } } }>(
      `query ($id: ID!) { node(id: $id) { ... on RunStep { nextPair { left { id } right { id } } } } }`,
      { id: (await stepOf(kit, run, 1)).id },
      { as: "bob" },
    );
    const { left, right } = node.nextPair;
    await mutate(kit, "castVote", { leftId: left.id, rightId: right.id, outcome: "LEFT" }, "bob");

    await dialog.getByRole("button", { name: "Approve with K=2" }).click();
    await dialog.getByText("The ranking changed while you were deciding").waitFor();
    expect((await stepOf(kit, run, 1)).approved).toBe(false);
    await dialog
      .getByText(/· 1 vote/)
      .first()
      .waitFor();
    await dialog.getByRole("button", { name: "Approve with K=2" }).click();
    await dialog.waitFor({ state: "detached" });
    expect((await stepOf(kit, run, 1)).approved).toBe(true);
  }, 120_000);

  it("errors of the API are shown in its words: the run was aborted meanwhile", async () => {
    const run = await waitingRun(kit, 2);
    const ada = await windowOutOfDate("ada");
    await openRun(ada, kit, run);
    const dialog = await openApproval(ada);
    await mutate(kit, "abortRun", { runId: run.id, reason: "Wrong brief" }, "bob");
    const { message } = await approve(kit, run, 1);

    await dialog.getByRole("button", { name: "Approve with K=2" }).click();
    await dialog.getByText("The step was not approved").waitFor();
    await dialog.getByText(message ?? "no message").waitFor();
  }, 120_000);
});

/** Whether a press in its middle reaches it. */
const reached = (control: Locator) =>
  control.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  });

describe("a toast", () => {
  it.each([
    { where: "a laptop", phone: false },
    { where: "a phone", phone: true },
  ])(
    "lies over nothing that a dialog needs on $where",
    async ({ phone }) => {
      const run = await waitingRun(kit, 3);
      const ada = await kit.window("ada", { phone });
      await ada.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
      await openRun(ada, kit, run);
      await ada
        .getByRole("button", { name: /^View candidate/ })
        .first()
        .click();
      const box = ada.getByRole("dialog");
      await box.getByRole("button", { name: "Copy…" }).click();
      await ada.getByRole("menuitem", { name: "Copy the text" }).click();
      // What went wrong stays until it is dismissed.
      const toast = ada.getByText("Copying is blocked here. The text:");
      await toast.waitFor();
      const close = box.getByRole("button", { name: "Close" });
      await expect.poll(() => reached(close)).toBe(true);
      await close.click();
      await box.waitFor({ state: "detached" });

      const dialog = await openApproval(ada);
      const approve = dialog.getByRole("button", { name: "Approve with K=2" });
      for (const control of [
        approve,
        ...["Cancel", "Close", "Send back…"].map((name) => dialog.getByRole("button", { name })),
      ]) {
        await expect.poll(() => reached(control)).toBe(true);
      }
      expect(await toast.isVisible()).toBe(true);
      await approve.click();
      await ada.getByText("Step 1 is approved: 2 of 3 candidates advance.").waitFor();
    },
    120_000,
  );
});

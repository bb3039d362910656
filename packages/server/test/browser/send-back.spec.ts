import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { refuseOperation } from "../kit/refused-operation.ts";
import { openApproval, openRun, stepRegion } from "../kit/run-page.ts";
import { applyPipeline, approve, createRun, mutate, stepOf, untilStep } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
  await applyPipeline(kit, "Two steps", [
    "{ name: Draft, type: generate, generator: grammar, gate: manual, max_rounds: 2 }",
    "{ name: Refine, type: generate, generator: grammar, max_rounds: 2 }",
  ]);
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("sending a step back", () => {
  it("asks for a comment, begins a new round in every window, and keeps the old one to compare with", async () => {
    const run = await createRun(kit, "Two steps", { maxChildrenPerNode: 3, defaultTopK: 1 });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    const [ada, bob] = [await kit.window("ada"), await kit.window("bob")];
    await openRun(ada, kit, run);
    await openRun(bob, kit, run);
    const his = await openApproval(bob);
    const hers = await openApproval(ada);

    await hers.getByRole("button", { name: "Send back…" }).click();
    await hers.getByText("This is round 1 of 2: it can be sent back once.", { exact: false }).waitFor();
    await hers.getByRole("button", { name: "Send back", exact: true }).click();
    await hers.getByText("Say what should be different").waitFor();
    await hers.getByLabel("What should be different").fill("Shorter lines");
    await hers.getByRole("button", { name: "Send back", exact: true }).click();
    await hers.waitFor({ state: "detached" });

    await his.getByText("The step was sent back while this was open: round 2 has begun.", { exact: false }).waitFor();
    await his.getByRole("button", { name: "Cancel" }).click();
    await stepRegion(bob, 1)
      .getByText(/· round 2$/)
      .first()
      .waitFor();
    await stepRegion(bob, 1).getByText("“Shorter lines”").waitFor();
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");

    // Round 1 is still there, beside round 2 where one wants to compare.
    await stepRegion(bob, 1).getByText("Round 1", { exact: true }).click();
    await expect
      .poll(() => stepRegion(bob, 1).getByRole("list", { name: "Candidates of round 1" }).getByRole("listitem").count())
      .toBe(3);
    await stepRegion(bob, 1).getByText("Round 2 (now)", { exact: true }).click();
    await stepRegion(bob, 1).getByLabel("Beside round 1").check({ force: true });
    for (const round of [1, 2]) {
      const column = stepRegion(bob, 1).getByRole("region", { name: `Round ${round} of Draft` });
      await expect.poll(() => column.getByRole("listitem").count()).toBe(3);
    }

    // The last round cannot be sent back, and says so.
    const again = await openApproval(ada);
    await again.getByRole("button", { name: "Send back…" }).click();
    await again.getByText("it cannot be sent back any more", { exact: false }).waitFor();
    expect(await again.getByRole("button", { name: "Send back", exact: true }).isDisabled()).toBe(true);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("does not approve in advance what was sent back while the dialog was open", async () => {
    const run = await createRun(kit, "Two steps", { maxChildrenPerNode: 2, defaultTopK: 1 });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const dialog = ada.getByRole("dialog", { name: "Approve all remaining steps?" });
    const confirm = dialog.getByRole("button", { name: "Approve all with K=1" });
    await ada.getByRole("button", { name: "Approve all remaining…" }).click();
    await confirm.waitFor();

    const { id } = await stepOf(kit, run, 1);
    await mutate(kit, "sendBackStep", { stepId: id, toStepId: id, comment: "Shorter lines" }, "bob");
    await dialog.getByText("Step 1 was sent back while this was open: round 2 has begun.", { exact: false }).waitFor();
    expect(await confirm.isDisabled()).toBe(true);

    // Who has seen the new round may decide about it.
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    await ada.getByRole("button", { name: "Approve all remaining…" }).click();
    const sent = ada.waitForRequest((request) => request.postData()?.includes("ApproveAllRemaining(") === true);
    await confirm.click();
    // A round that this window is not told of in time is refused by the server.
    expect((await sent).postDataJSON()).toMatchObject({ variables: { input: { round: 2 } } });
    await dialog.waitFor({ state: "detached" });
    await untilStep(kit, run, 2, "APPROVED");
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("goes back to an earlier step that is chosen", async () => {
    const run = await createRun(kit, "Two steps", { maxChildrenPerNode: 2, defaultTopK: 1 });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    await approve(kit, run, 1, { topK: 1 });
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    await ada.getByRole("button", { name: "Approve Step 2" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByRole("button", { name: "Send back…" }).click();
    await dialog.getByLabel("Begin again at").selectOption({ label: "Step 1: Draft" });
    await dialog.getByText("Steps 1 to 2 begin a new round", { exact: false }).waitFor();
    await dialog.getByLabel("What should be different").fill("Another idea");
    await dialog.getByRole("button", { name: "Send back", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    for (const position of [1, 2]) {
      await stepRegion(ada, position)
        .getByText(/ada sent it back from step 2/)
        .waitFor();
    }
    await ada.getByRole("button", { name: "Approve Step 1" }).waitFor();
    expect((await stepOf(kit, run, 2)).status).toBe("BLOCKED");
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("shows the candidates of now where the earlier rounds cannot be read", async () => {
    const run = await createRun(kit, "Two steps", { maxChildrenPerNode: 2, defaultTopK: 1 });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    const { id } = await stepOf(kit, run, 1);
    await mutate(kit, "sendBackStep", { stepId: id, toStepId: id, comment: "Shorter lines" });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    const ada = await kit.window("ada");
    const letThrough = await refuseOperation(ada, "StepRounds");
    await openRun(ada, kit, run);
    await stepRegion(ada, 1).getByText("The rounds of Draft could not be loaded").waitFor();
    await expect.poll(() => stepRegion(ada, 1).getByRole("article").count()).toBe(2);

    letThrough();
    await stepRegion(ada, 1).getByRole("button", { name: "Try again" }).click();
    await stepRegion(ada, 1).getByText("Round 2 (now)", { exact: true }).waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

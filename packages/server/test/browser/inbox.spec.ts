import { checkStalls } from "@sluice/engine";
import type { Page } from "playwright-core";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { describedBy } from "../kit/described-by.ts";
import { refuseOperation } from "../kit/refused-operation.ts";
import { openApproval, waitingRun } from "../kit/run-page.ts";
import { type ApiRun, applyPipeline, approve, createRun, mutate, stepOf, untilStep } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeEach(async () => {
  kit ??= await browserKit();
  // Each test begins with an empty inbox.
  const { runs } = await kit.graphql<{ runs: { edges: { node: { id: string } }[] } }>(
    `{ runs(first: 100, status: [RUNNING, WAITING_FOR_APPROVAL]) { edges { node { id } } } }`,
  );
  for (const { node } of runs.edges) await mutate(kit, "abortRun", { runId: node.id });
});
afterAll(() => kit?.[Symbol.asyncDispose]());

const HOUR = 3_600_000;
const gates = (page: Page) => page.getByRole("list", { name: "Gates", exact: true }).getByRole("listitem");
const badge = (page: Page, words: string) => page.getByRole("link", { name: `Approvals (${words})` }).waitFor();

async function openInbox(page: Page): Promise<void> {
  await page.getByRole("link", { name: /^Approvals/ }).click();
  await page.getByRole("heading", { name: "Approvals" }).waitFor();
}

/** A run of one step, so that its end is no new gate. */
const plainGate = () => gateWith("Plain", "n: 2");

async function gateWith(name: string, key: string): Promise<ApiRun> {
  await applyPipeline(kit, name, [`{ name: Draft, type: generate, generator: grammar, gate: manual, ${key} }`]);
  const run = await createRun(kit, name, { maxChildrenPerNode: 2, defaultTopK: 1 });
  await untilStep(kit, run, 1, "AWAITING_APPROVAL");
  return run;
}

describe("the inbox", () => {
  it("F11: its count is that of its list, and both follow what somebody else decides, without a reload", async () => {
    const runs = [await plainGate(), await plainGate()];
    const [ada, bob] = [await kit.window("ada"), await kit.window("bob")];
    await openInbox(bob);
    await badge(bob, "2 wait for you");
    await expect.poll(() => gates(bob).count()).toBe(2);

    await openInbox(ada);
    await gates(ada)
      .getByRole("link", { name: `Run #${runs[0]?.number}, step 1` })
      .click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByRole("button", { name: "Approve with K=1" }).click();
    await dialog.waitFor({ state: "detached" });

    await badge(bob, "1 waits for you");
    await expect.poll(() => gates(bob).count()).toBe(1);
    await approve(kit, runs[1] as ApiRun, 1);
    await bob.getByText("No gate waits").waitFor();
    expect(await bob.getByRole("link", { name: "Approvals", exact: true }).count()).toBe(1);

    await plainGate();
    await badge(bob, "1 waits for you");
    await expect.poll(() => gates(bob).count()).toBe(1);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("puts what has stalled first", async () => {
    const [older, stalled] = [await waitingRun(kit, 2), await gateWith("Hasty", "stall_after: 1h")];
    const ada = await kit.window("ada");
    await openInbox(ada);
    await gates(ada).getByText(`#${older.number}`).waitFor();
    expect(await gates(ada).first().textContent()).toContain(`#${older.number}`);
    await checkStalls(kit.server.engine, new Date(Date.now() + 2 * HOUR));
    await expect.poll(() => gates(ada).first().textContent()).toContain(`#${stalled.number}`);
    await gates(ada).first().getByText("Stalled").waitFor();
    // Read out too, where the rows have names of their own.
    expect(await describedBy(gates(ada).first().getByRole("link"))).toMatch(/^Stalled.*K=1 of 2 candidates asked /);
    await ada.getByRole("link", { name: "Runs", exact: true }).click();
    const row = ada.getByRole("link", { name: `Run #${stalled.number}, a bakery` });
    await expect.poll(() => describedBy(row)).toMatch(/^Waiting for approval .* 0 of 1 steps approved$/);
  }, 120_000);

  it("leaves to others what is theirs to decide, and says what it takes", async () => {
    await gateWith("Not mine", "exclude_creator: true");
    const ada = await kit.window("ada");
    await openInbox(ada);
    await ada.getByText("Nothing waits for you").waitFor();
    await ada.getByRole("button", { name: "Show all 1" }).click();
    await gates(ada)
      .getByText(/ada created this run/)
      .waitFor();
    expect(await describedBy(gates(ada).getByRole("link"))).toContain("ada created this run");
    expect(await gates(ada).getByRole("checkbox").isDisabled()).toBe(true);
  }, 120_000);

  it("does not say that no gate waits where that cannot be known", async () => {
    const ada = await kit.window("ada");
    const letThrough = await refuseOperation(ada, "Inbox", '"mine":false');
    await openInbox(ada);
    await ada.getByText("The gates could not be loaded").waitFor();
    expect(await ada.getByText("No gate waits").count()).toBe(0);
    letThrough();
    await ada.getByRole("button", { name: "Try again" }).click();
    await ada.getByText("No gate waits").waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("decides several with one comment, and says of each what came of it", async () => {
    const good = await plainGate();
    const picky = await gateWith("Picky", "min_votes: 3");
    const shared = await gateWith("Shared", "quorum: 2");
    const ada = await kit.window("ada");
    await openInbox(ada);
    await expect.poll(() => gates(ada).count()).toBe(3);
    await ada.getByRole("checkbox", { name: "Select all" }).check();
    await ada.getByText("3 selected").waitFor();
    await ada.getByRole("button", { name: "Approve…" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByLabel("Comment for all of them (optional)").fill("Go on");
    await dialog.getByRole("button", { name: "Approve 3 gates" }).click();

    const results = dialog.getByRole("list", { name: "Results" }).getByRole("listitem");
    const resultOf = (run: ApiRun) => results.filter({ hasText: `Run #${run.number},` });
    await resultOf(good)
      .getByText(/Approved$/)
      .waitFor();
    await resultOf(shared)
      .getByText(/Signed off: it takes more people/)
      .waitFor();
    await resultOf(picky)
      .getByRole("alert")
      .getByText(/votes?/)
      .waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    // What failed is still there, and still chosen.
    await expect.poll(() => gates(ada).count()).toBe(1);
    await ada.getByText("1 selected").waitFor();

    expect(await stepOf(kit, good, 1)).toMatchObject({ status: "APPROVED", comment: "Go on" });
    expect(await stepOf(kit, picky, 1)).toMatchObject({ status: "AWAITING_APPROVAL" });
    expect(await stepOf(kit, shared, 1)).toMatchObject({ status: "AWAITING_APPROVAL" });

    await ada.getByRole("button", { name: "Reject…" }).click();
    await dialog.getByText("Each of these runs ends").waitFor();
    await dialog.getByRole("button", { name: "Reject 1 gate" }).click();
    await dialog.getByText(/Rejected$/).waitFor();
    expect((await stepOf(kit, picky, 1)).status).toBe("REJECTED");
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("F6: opens the decision of the run it names", async () => {
    const run = await waitingRun(kit, 2);
    const ada = await kit.window("ada");
    await openInbox(ada);
    await gates(ada).getByRole("link").click();
    await ada.getByRole("dialog").getByRole("list", { name: "Candidates by Elo" }).waitFor();
    expect(new URL(ada.url()).searchParams.get("approve")).toBe((await stepOf(kit, run, 1)).id);
    await ada.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await openApproval(ada);
  }, 120_000);
});

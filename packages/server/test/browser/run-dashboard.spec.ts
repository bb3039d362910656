import { checkStalls, GeneratorError } from "@sluice/engine";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { countedGenerator } from "../kit/counted-generator.ts";
import { openRun, stepRegion } from "../kit/run-page.ts";
import { type ApiRun, applyPipeline, createRun, mutate, untilStep } from "../kit/spec-runs.ts";
import { steeredGenerator } from "../kit/steered-generator.ts";

const counted = countedGenerator("counted");
const broken = steeredGenerator("broken");

const HOUR = 3_600_000;

let kit: BrowserKit;
let ada: Page;
/** Its second step waits for a person; each test takes it on from where the one before left it. */
let run: ApiRun;
beforeAll(async () => {
  kit = await browserKit({ generators: [counted, broken] });
  await applyPipeline(kit, "Board", [
    "{ name: Draft, type: generate, generator: grammar, n: 1 }",
    "{ name: Refine, type: generate, generator: grammar, n: 5 }",
    "{ name: Vary, type: generate, generator: counted, n: 1 }",
    "{ name: Finish, type: generate, generator: grammar, n: 1 }",
  ]);
  await applyPipeline(kit, "Mill", ["{ name: Grind, type: generate, generator: broken, n: 1 }"]);
  run = await waitingRun();
  ada = await kit.window("ada");
  await openRun(ada, kit, run);
});
afterAll(() => kit[Symbol.asyncDispose]());

async function waitingRun(): Promise<ApiRun> {
  const made = await createRun(kit, "Board");
  await untilStep(kit, made, 2, "AWAITING_APPROVAL");
  return made;
}

/** The state of each step as a reader copies it: the sign and the words, without its N behind them. */
const states = (page: Page) =>
  page
    .getByRole("region", { name: /^Step \d+:/ })
    .evaluateAll((regions) =>
      regions.map((region) => region.querySelector("h2")?.nextElementSibling?.textContent?.replace(/· N = \d+$/, "")),
    );
const approvedSteps = (page: Page) =>
  page.getByRole("progressbar", { name: "Approved steps" }).first().getAttribute("aria-valuetext");
const tooltip = (words: RegExp) => ada.getByRole("tooltip").filter({ hasText: words }).waitFor();
const badge = (page: Page, words: string) => page.getByText(words, { exact: true }).first().waitFor();

describe("Requirement: Dashboard Shows Approval Status", () => {
  it("Scenario: Approve button availability", async () => {
    await expect
      .poll(() => states(ada))
      .toEqual([
        "✅ Approved (all advancing)",
        "⏸️ Awaiting Approval (5 candidates ready)",
        "🔒 Blocked (Step 2 unapproved)",
        "🔒 Blocked (Step 2 unapproved)",
      ]);
    expect(await approvedSteps(ada)).toBe("1 of 4 steps approved");
    await ada.getByRole("status").getByText(`Run #${run.number} waiting for Step 2 approval`).waitFor();
    for (const position of [3, 4]) await stepRegion(ada, position).getByText("Waiting for Step 2 approval").waitFor();
    expect(await ada.getByRole("button", { name: /^Approve Step/ }).allTextContents()).toEqual(["Approve Step 2"]);

    const button = ada.getByRole("button", { name: "Approve Step 2" });
    expect(await button.isEnabled()).toBe(true);
    await button.click();
    const preview = ada.getByRole("dialog").getByRole("list", { name: "Candidates by Elo" });
    await expect.poll(() => preview.getByText("Will advance", { exact: true }).count()).toBe(3);
    expect(await preview.getByText("Will not advance", { exact: true }).count()).toBe(2);
  });

  it("Scenario: Visual status indicators", async () => {
    await ada.getByRole("dialog").getByRole("button", { name: "Approve with K=3" }).click();
    await ada.getByRole("dialog").waitFor({ state: "detached" });
    counted.allow(2);
    await expect
      .poll(() => states(ada))
      .toEqual([
        "✅ Approved (all advancing)",
        "✅ Approved (3/5 advancing)",
        "🔄 Generating (2/3 candidates)",
        "🔒 Blocked (Step 3 unapproved)",
      ]);
    expect(await approvedSteps(ada)).toBe("2 of 4 steps approved");
    const generation = ada.getByRole("progressbar", { name: "Generation of step 3" });
    expect(await generation.getAttribute("aria-valuetext")).toBe("2 of 3 candidates");
    await stepRegion(ada, 3).getByText("2 of 3 candidates · 1 job running or queued").waitFor();
    await stepRegion(ada, 4).getByText("Waiting for Step 3 approval").waitFor();
    // Not ready to be approved, and to be looked at already.
    expect(await ada.getByRole("button", { name: /^Approve Step/ }).count()).toBe(0);
    await ada.getByRole("button", { name: "Preview approval of step 3" }).waitFor();

    const tip = stepRegion(ada, 2).getByRole("button", { name: "What advancing means" });
    await tip.hover();
    await tooltip(/^3 of this step's 5 candidates advance: the best by Elo .* with K=3\./);

    counted.allow(1);
    await stepRegion(ada, 3).getByText("Awaiting Approval (3 candidates ready)").waitFor();
    await ada.getByRole("button", { name: "Approve Step 3" }).waitFor();
  });

  it("Scenario: Already approved steps", async () => {
    const decided = stepRegion(ada, 2);
    await decided.getByText("Approved just now · 3 advancing").waitFor();
    await kit.db.query(
      `UPDATE pipeline_run_steps SET approved_at = now() - interval '2 hours' WHERE pipeline_run_id = $1 AND position = 2`,
      [run.number],
    );
    await ada.reload();
    await decided.getByText("✅ Approved 2 hours ago · 3 advancing").waitFor();
    await decided.getByText("by ada", { exact: true }).waitFor();
    expect(await ada.getByRole("button", { name: "Approve Step 2" }).count()).toBe(0);
  });
});

describe("what can be done to a run", () => {
  it("G9: one decision approves all remaining steps, and there is nothing left to decide", async () => {
    await ada.getByRole("button", { name: "Approve all remaining…" }).click();
    const dialog = ada.getByRole("dialog", { name: "Approve all remaining steps?" });
    await dialog.getByRole("textbox", { name: "K, the candidates" }).fill("2");
    await dialog.getByRole("button", { name: "Approve all with K=2" }).click();
    await expect
      .poll(() => states(ada))
      .toEqual([
        "✅ Approved (all advancing)",
        "✅ Approved (3/5 advancing)",
        "✅ Approved (2/3 advancing)",
        "✅ Approved (all advancing)",
      ]);
    await badge(ada, "Completed");
    expect(await approvedSteps(ada)).toBe("4 of 4 steps approved");
    await stepRegion(ada, 4).getByText("by ada", { exact: true }).waitFor();
    expect(await ada.getByRole("button", { name: /^(Approve|Abort)/ }).count()).toBe(0);
    // Behind the last step there is none: its candidates become winners, not parents.
    await stepRegion(ada, 4).getByRole("button", { name: "What advancing means" }).hover();
    await ada
      .getByRole("tooltip")
      .getByText("All 2 candidates of this step advance: they are the winners of the run.")
      .waitFor();
  });

  it("G6, G8: a fork asks anew, and a rejection ends it with its reason", async () => {
    await ada.getByRole("button", { name: "More for step 2" }).click();
    await ada.getByRole("menuitem", { name: "New run from here…" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Start the new run" }).click();
    await ada.getByText("Forked from").waitFor();
    await stepRegion(ada, 2).getByText("Awaiting Approval (5 candidates ready)").waitFor();

    await ada.getByRole("button", { name: "Approve Step 2" }).click();
    await ada.getByRole("button", { name: "Reject step…" }).click();
    await ada.getByRole("dialog").getByLabel("Why (optional)").fill("None of them is blue.");
    await ada.getByRole("button", { name: "Reject and end the run" }).click();
    await expect
      .poll(() => states(ada))
      .toEqual(["✅ Approved (all advancing)", "❌ Rejected", "❌ Not reached", "❌ Not reached"]);
    await badge(ada, "Rejected");
    await stepRegion(ada, 2).getByText("Rejected just now").waitFor();
    await stepRegion(ada, 2).getByText("“None of them is blue.”").waitFor();
  });

  it("A5: an aborted run says so, and leaves its steps as they were", async () => {
    const other = await waitingRun();
    await openRun(ada, kit, other);
    await ada.getByRole("button", { name: "Abort run…" }).click();
    const dialog = ada.getByRole("dialog", { name: `Abort run #${other.number}?` });
    await dialog.getByLabel("Reason (optional)").fill("Wrong brief.");
    await dialog.getByRole("button", { name: "Abort run" }).click();
    await ada.getByText(`Run #${other.number} was aborted: Wrong brief.`).first().waitFor();
    await expect
      .poll(() => states(ada))
      .toEqual(["✅ Approved (all advancing)", "❌ Not decided (5 candidates)", "❌ Not reached", "❌ Not reached"]);
    expect(await ada.getByRole("button", { name: /^(Approve|Abort)/ }).count()).toBe(0);
    expect(kit.pageErrors).toEqual([]);
  });
});

describe("runs that need attention", () => {
  const row = (section: string, { number }: ApiRun) =>
    ada.getByRole("region", { name: section, exact: true }).getByRole("link", { name: new RegExp(`^Run #${number},`) });
  const fail = async (words: string) => (await broken.attempt()).fail(new GeneratorError(words, { retryable: false }));
  const sections = () => ada.getByRole("main").getByRole("heading", { level: 2 }).allTextContents();

  it("G16: a failed run stands first until it is tried again, and again until somebody looks after it", async () => {
    const [waiting, failed] = [await waitingRun(), await createRun(kit, "Mill")];
    await ada.getByRole("link", { name: "Runs", exact: true }).click();
    await row("Needs a decision", waiting).waitFor();
    await fail("The stone is worn.");
    await row("Needs attention", failed)
      .getByText(/The stone is worn\./)
      .waitFor();
    expect(await sections()).toEqual(["Needs attention", "Needs a decision", "All other runs"]);

    const { run: found } = await kit.graphql<{ run: { steps: { id: string }[] } }>(
      `query ($id: ID!) { run(id: $id) { steps { id } } }`,
      { id: failed.id },
    );
    await mutate(kit, "retryFailedJobs", { stepId: found.steps[0]?.id });
    await row("All other runs", failed).waitFor();
    expect(await row("Needs attention", failed).count()).toBe(0);
    await fail("The wheel is stuck.");
    await row("Needs attention", failed)
      .getByText(/The wheel is stuck\./)
      .waitFor();

    const { alerts } = await kit.graphql<{ alerts: { id: string }[] }>(`{ alerts { id } }`);
    expect(alerts).toHaveLength(1);
    await mutate(kit, "acknowledgeAlert", { alertId: alerts[0]?.id }, "bob");
    await row("All other runs", failed)
      .getByText(/The wheel is stuck\./)
      .waitFor();
    expect(await sections()).toEqual(["Needs a decision", "All other runs"]);

    // A decision that has waited for longer than its day rises above those that have not.
    await checkStalls(kit.server.engine, new Date(Date.now() + 25 * HOUR));
    await row("Needs attention", waiting)
      .getByText(/^Step 2 \(Refine\) has waited for approval .* an alert was raised/)
      .waitFor();
    expect(await sections()).toEqual(["Needs attention", "All other runs"]);
    expect(kit.pageErrors).toEqual([]);
    expect(kit.logged).toEqual([]);
  });
});

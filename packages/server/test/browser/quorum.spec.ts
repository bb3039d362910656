import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openApproval, openRun, stepRegion } from "../kit/run-page.ts";
import { type ApiRun, applyPipeline, createRun, mutate, stepOf, untilStep } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** A run whose first gate waits, under the policy given as keys of a step. */
async function gateWith(policy: string): Promise<ApiRun> {
  const name = `Gate ${policy}`.replace(/[^a-zA-Z0-9]+/g, " ").trim();
  await applyPipeline(kit, name, [
    `{ name: Draft, type: generate, generator: grammar, gate: manual, ${policy} }`,
    "{ name: Refine, type: generate, generator: grammar }",
  ]);
  const run = await createRun(kit, name, { maxChildrenPerNode: 3, defaultTopK: 2 });
  await untilStep(kit, run, 1, "AWAITING_APPROVAL");
  return run;
}

async function look(page: Page, run: ApiRun) {
  await openRun(page, kit, run);
  const open = page.getByRole("button", { name: /^(Approve Step 1|Preview approval of step 1)$/ });
  await open.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("list", { name: "Candidates by Elo" }).waitFor();
  return dialog;
}

describe("a gate that takes two people", () => {
  it("shows each sign-off live to the other, lets one be withdrawn, and opens with the second", async () => {
    const run = await gateWith("quorum: 2");
    const [ada, bob] = [await kit.window("ada"), await kit.window("bob")];
    await openRun(ada, kit, run);
    await openRun(bob, kit, run);
    const hers = await openApproval(ada);
    const his = await openApproval(bob);
    await his.getByText("0 of 2 people have signed off").waitFor();

    await hers.getByRole("button", { name: "Sign off (1 of 2)" }).click();
    await his.getByText("1 of 2 people have signed off").waitFor();
    await his.getByRole("list", { name: "Sign-offs" }).getByText("ada").waitFor();
    expect(await his.getByRole("button", { name: "Withdraw" }).count()).toBe(0);
    await his.getByRole("button", { name: "Approve with K=2 (2 of 2)" }).waitFor();
    expect(await hers.getByRole("button", { name: "Signed off (1 of 2)" }).isDisabled()).toBe(true);
    await stepRegion(bob, 1).getByText("Awaiting Approval (1 of 2)").waitFor();

    await hers.getByRole("button", { name: "Withdraw" }).click();
    await his.getByText("0 of 2 people have signed off").waitFor();
    await hers.getByRole("button", { name: "Sign off (1 of 2)" }).click();

    await his.getByRole("button", { name: "Approve with K=2 (2 of 2)" }).click();
    await his.waitFor({ state: "detached" });
    await hers.getByText("Approved by bob with K=2").waitFor();
    expect(await stepOf(kit, run, 1)).toMatchObject({ status: "APPROVED", approvedBy: { name: "bob" } });
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("says of a sign-off for another K that it does not count", async () => {
    const run = await gateWith("quorum: 2");
    const bob = await kit.window("bob");
    const { id } = await stepOf(kit, run, 1);
    await mutate(kit, "approveStep", { stepId: id, topK: 1 }, "ada");
    const dialog = await look(bob, run);
    // Who comes second begins with the cut of the first.
    await dialog.getByRole("button", { name: "Approve with K=1 (2 of 2)" }).waitFor();
    await dialog.getByRole("textbox", { name: "K" }).fill("2");
    await dialog.getByRole("button", { name: "Sign off (1 of 2)" }).click();
    await dialog.getByText("for another cut, so it does not count").waitFor();
    expect((await stepOf(kit, run, 1)).status).toBe("AWAITING_APPROVAL");
  }, 120_000);
});

describe("a policy in the dialog", () => {
  it("G12: who may not decide can look, and is told why not", async () => {
    const run = await gateWith("exclude_creator: true");
    const ada = await kit.window("ada");
    const dialog = await look(ada, run);
    await dialog.getByText("You can look, but not decide").waitFor();
    await dialog.getByText(/ada created this run/).waitFor();
    for (const name of ["Approve with K=2", "Reject step…", "Send back…"]) {
      expect(await dialog.getByRole("button", { name }).isDisabled()).toBe(true);
    }
  }, 120_000);

  it("takes a reason in place of the votes that it asks for", async () => {
    const run = await gateWith("min_votes: 4");
    const ada = await kit.window("ada");
    const dialog = await look(ada, run);
    await dialog.getByText("The policy asks for more").waitFor();
    const button = dialog.getByRole("button", { name: "Override and approve" });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel("Why not wait for what the policy asks for").fill("The client is on the phone");
    await button.click();
    await dialog.waitFor({ state: "detached" });
    expect(
      await kit.db.one(
        `SELECT override_reason AS reason FROM approvals WHERE pipeline_run_id = $1 AND status = 'APPROVED'`,
        [run.number],
      ),
    ).toEqual({ reason: "The client is on the phone" });
  }, 120_000);

  it("names the policy where it decided", async () => {
    const run = await gateWith("automatic: { votes: 1, elo: 1 }");
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const steps = await kit.graphql<{ node: { candidates: { edges: { node: { id: string } }[] } } }>(
      `query ($id: ID!) { node(id: $id) { ... on RunStep { candidates { edges { node { id } } } } } }`,
      { id: (await stepOf(kit, run, 1)).id },
    );
    const [one, two, three] = steps.node.candidates.edges.map(({ node }) => node.id);
    await mutate(kit, "castVote", { leftId: one, rightId: two, outcome: "LEFT" });
    await mutate(kit, "castVote", { leftId: two, rightId: three, outcome: "LEFT" });
    await stepRegion(ada, 1).getByText("by the step's policy", { exact: true }).waitFor();
  }, 120_000);
});

describe("what a role does not allow", () => {
  it("is not offered to a viewer, who can look at everything", async () => {
    const run = await gateWith("quorum: 2");
    const vera = await kit.window("vera", { role: "VIEWER" });
    const dialog = await look(vera, run);
    await dialog.getByText(/vera is a viewer; this takes an approver/).waitFor();
    expect(await dialog.getByRole("button", { name: "Sign off (1 of 2)" }).isDisabled()).toBe(true);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    for (const name of ["Abort run…", "Approve all remaining…", "Approve Step 1", "More for step 1"]) {
      expect(await vera.getByRole("button", { name }).count()).toBe(0);
    }
    expect(await vera.getByRole("link", { name: "Vote on step 1" }).count()).toBe(0);
    expect(await vera.getByRole("link", { name: "New run" }).count()).toBe(0);
    await vera.goto(`${kit.url}/runs/new`);
    await vera.getByText("This takes an operator. An owner can change your role.").waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

describe("an approval template", () => {
  it("is chosen with a new run, takes its steps' place, and is named on the run", async () => {
    const yaml = [
      "pipelines:",
      "  - name: With templates",
      "    steps:",
      "      - { name: Draft, type: generate, generator: grammar, gate: manual, n: 2 }",
      "    approval_templates:",
      "      - name: careful",
      "        description: Two people look at everything",
      "        steps: [{ step: Draft, k: 1, quorum: 2 }]",
    ].join("\n");
    expect(await mutate(kit, "applyPipelines", { yaml })).toMatchObject({ __typename: "ApplyPipelinesSuccess" });
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/new?pipeline=With%20templates`);
    await ada.getByLabel("Approval template").selectOption("careful");
    await ada.getByText("Two people look at everything").waitFor();
    await ada.getByLabel("Prompt").fill("a bakery");
    await ada.getByRole("button", { name: "Start run" }).click();
    await ada.getByText("approval template careful").waitFor();
    await stepRegion(ada, 1).getByText("Takes 2 different people.").waitFor();
    const dialog = await openApproval(ada);
    await dialog.getByRole("button", { name: "Sign off (1 of 2)" }).waitFor();
    expect(await dialog.getByRole("textbox", { name: "K" }).inputValue()).toBe("1");
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

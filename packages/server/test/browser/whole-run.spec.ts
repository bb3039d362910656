import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

const stepRegion = (page: Page, position: number) =>
  page.getByRole("region", { name: new RegExp(`^Step ${position}:`) });
const tiles = (page: Page, position: number) =>
  stepRegion(page, position)
    .getByRole("list", { name: /^Candidates of/ })
    .getByRole("listitem");
const textOf = (page: Page, position: number, text: string) =>
  stepRegion(page, position).getByText(text, { exact: true }).first().waitFor();

describe("the main job in the browser", () => {
  it("create run → candidates appear live → vote → preview with K changed → approve → children of exactly the advancing → … → COMPLETED, seen in a second window without a reload", async () => {
    const ada = await kit.window("ada");
    await ada.getByRole("link", { name: "New run" }).click();
    await ada.getByLabel("Prompt").fill("calm sea at dusk");
    await ada.getByRole("button", { name: "Start run" }).click();
    await ada.waitForURL(/\/runs\/[^/]+$/);

    // A second person watches the same run; nothing below ever reloads this window.
    const bob = await kit.window("bob");
    await bob.goto(ada.url());

    // Candidates appear by themselves, in both windows.
    await textOf(ada, 2, "Awaiting Approval (9 candidates ready)");
    await expect.poll(() => tiles(ada, 2).count()).toBe(9);
    await textOf(bob, 2, "Awaiting Approval (9 candidates ready)");
    await expect.poll(() => tiles(bob, 2).count()).toBe(9);

    // Ada votes by keyboard: blind, and the left one wins each time.
    await ada.getByRole("link", { name: "Vote on step 2" }).click();
    await ada.getByRole("region", { name: "Left" }).waitFor();
    expect(await ada.getByText("Elo").count()).toBe(0);
    for (let votes = 1; votes <= 4; votes++) {
      await ada.locator('[aria-busy="false"]').getByRole("region", { name: "Left" }).waitFor();
      await ada.keyboard.press("ArrowLeft");
      await ada.getByText(`You have judged ${votes} ${votes === 1 ? "pair" : "pairs"} here`).waitFor();
    }
    // Bob sees the ratings move.
    await expect
      .poll(() =>
        stepRegion(bob, 2)
          .getByText(/· [1-9] votes?/)
          .count(),
      )
      .toBeGreaterThan(1);

    // Preview: the cut follows K.
    await ada.getByRole("link", { name: /^Run #\d+/ }).click();
    await ada.getByRole("button", { name: "Approve Step 2" }).click();
    const dialog = ada.getByRole("dialog");
    const ranking = dialog.getByRole("list", { name: "Candidates by Elo" });
    await expect.poll(() => ranking.getByText("Will advance", { exact: true }).count()).toBe(3);
    expect(await ranking.getByText("Will not advance", { exact: true }).count()).toBe(6);
    await dialog.getByText("Low vote counts. Rankings may not be reliable.", { exact: false }).waitFor();
    await dialog.getByRole("textbox", { name: "K" }).fill("2");
    await expect.poll(() => ranking.getByText("Will advance", { exact: true }).count()).toBe(2);
    await dialog.getByText("Starts 6 jobs").waitFor();

    // The open preview follows a vote of somebody else.
    const before = await ranking.textContent();
    const { run } = await kit.graphql<{
      run: { steps: { id: string; nextPair: { left: { id: string }; right: { id: string } } }[] };
    }>(
      `query ($id: ID!) { run(id: $id) { steps { id nextPair { left { id } right { id } } } } }`,
      { id: runIdOf(ada.url()) },
      { as: "carol" },
    );
    const pair = run.steps[1]?.nextPair;
    await kit.graphql(
      `mutation ($input: CastVoteInput!) { castVote(input: $input) { __typename } }`,
      { input: { leftId: pair?.left.id, rightId: pair?.right.id, outcome: "RIGHT" } },
      { as: "carol" },
    );
    await expect.poll(() => ranking.textContent()).not.toBe(before);

    const shown = await ranking
      .getByRole("listitem")
      .evaluateAll((rows) =>
        rows.filter((row) => row.textContent?.includes("Will advance")).map((row) => row.getAttribute("data-key")),
      );
    await dialog.getByRole("button", { name: "Approve with K=2" }).click();
    await dialog.waitFor({ state: "detached" });

    // Exactly what was shown has children, and Bob sees them come.
    await textOf(bob, 2, "Approved (2/9 advancing)");
    await textOf(bob, 3, "Awaiting Approval (6 candidates ready)");
    await expect.poll(() => tiles(bob, 3).count()).toBe(6);
    expect(await parentsOf(3)).toEqual(new Set(shown));

    // The last two gates, by keyboard and mouse, until the run is done.
    for (const position of [3, 4]) {
      await stepRegion(ada, position)
        .getByText(/^Awaiting Approval/)
        .first()
        .waitFor();
      await ada.getByRole("button", { name: `Approve Step ${position}` }).click();
      await ada.getByRole("dialog").getByRole("textbox", { name: "K" }).fill("1");
      await ada.getByRole("dialog").getByRole("button", { name: "Approve with K=1" }).click();
      await ada.getByRole("dialog").waitFor({ state: "detached" });
    }
    await bob.getByRole("region", { name: "Winners" }).getByRole("listitem").first().waitFor();
    expect(await bob.getByRole("region", { name: "Winners" }).getByRole("listitem").count()).toBe(1);
    await ada.getByText("Completed", { exact: true }).first().waitFor();
    await bob.getByText("Completed", { exact: true }).first().waitFor();
    expect(kit.pageErrors).toEqual([]);
    expect(kit.logged).toEqual([]);

    async function parentsOf(position: number): Promise<Set<string>> {
      const { run: found } = await kit.graphql<{
        run: { steps: { candidates: { edges: { node: { parent: { id: string } } }[] } }[] };
      }>(
        `query ($id: ID!) { run(id: $id) { steps { candidates(first: 100) { edges { node { parent { id } } } } } } }`,
        { id: runIdOf(ada.url()) },
      );
      return new Set(found.steps[position - 1]?.candidates.edges.map(({ node }) => node.parent.id));
    }
  }, 300_000);
});

function runIdOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.split("/")[2] ?? "");
}

import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openApproval, openRun, stepRegion, waitingRun } from "../kit/run-page.ts";
import { approve, previewOf, stepOf } from "../kit/spec-runs.ts";
import { candidatesOf, pairsOf, vote } from "../kit/steps.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** The numbers of a chart, row by row, as a screen reader is given them. */
async function numbersOf(figure: Locator): Promise<string[][]> {
  const rows = figure.getByRole("table").locator("tbody tr");
  return await rows.evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").trim())),
  );
}

describe("charts", () => {
  it("the ratings of an approval with their uncertainty and the cut, in the dialog and on the step, and its votes over time", async () => {
    const run = await waitingRun(kit, 4);
    const step = await stepOf(kit, run, 1);
    for (const pair of pairsOf(await candidatesOf(kit, step.id)).slice(0, 5)) await vote(kit, pair);
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const dialog = await openApproval(ada);
    expect(await dialog.getByRole("figure").count()).toBe(0);
    await dialog.getByRole("switch", { name: "Chart" }).click({ force: true });
    const chart = dialog.getByRole("figure", { name: "Ratings with their uncertainty" });
    await chart.waitFor();
    const { node } = await kit.graphql<{
      node: { approvalPreview: { ranked: { plusMinus: number; candidate: { elo: number; voteCount: number } }[] } };
    }>(
      `query ($id: ID!) { node(id: $id) { ... on RunStep { approvalPreview { ranked {
         plusMinus candidate { elo voteCount } } } } } }`,
      { id: step.id },
    );
    const rounded = node.approvalPreview.ranked.map(({ plusMinus, candidate: { elo, voteCount } }) => [
      `${Math.round(elo)}`,
      `${Math.round(plusMinus)}`,
      `${voteCount}`,
    ]);
    expect((await numbersOf(chart)).map((cells) => cells.slice(1, 4))).toEqual(rounded);
    expect((await numbersOf(chart)).map((cells) => cells.at(-1))).toEqual(["Above", "Above", "Below", "Below"]);

    // The cut follows K, and another vote moves the numbers.
    await dialog.getByRole("textbox", { name: "K" }).fill("3");
    await expect.poll(async () => (await numbersOf(chart)).filter((cells) => cells.at(-1) === "Above").length).toBe(3);
    const [last] = pairsOf(await candidatesOf(kit, step.id)).slice(-1);
    if (last) await vote(kit, last);
    const { ranked } = await previewOf(kit, run, 1);
    await expect
      .poll(async () => (await numbersOf(chart)).map((cells) => cells[3]))
      .toEqual(ranked.map(({ candidate }) => `${candidate.voteCount}`));
    await ada.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    await stepRegion(ada, 1).getByRole("button", { name: "Ratings and votes of step 1" }).click();
    const votes = stepRegion(ada, 1).getByRole("figure", { name: "Votes over time" });
    await votes.waitFor();
    const counts = (await numbersOf(votes)).map((cells) => Number(cells[1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
    await stepRegion(ada, 1).getByRole("figure", { name: "Ratings with their uncertainty" }).waitFor();
    // For those who would rather read numbers.
    await votes.getByRole("button", { name: "Votes over time as a table" }).click();
    expect(await votes.getByRole("table").isVisible()).toBe(true);
    expect(kit.pageErrors).toEqual([]);
  });

  it("how long decisions took, day by day, with the days on which there were none", async () => {
    for (const daysAgo of [4, 2]) {
      const run = await waitingRun(kit, 2);
      await approve(kit, run, 1, { topK: 1 });
      await kit.db.query(
        `UPDATE approvals SET requested_at = noon - interval '90 minutes', decided_at = noon
         FROM (SELECT date_trunc('day', now(), 'UTC') - make_interval(days => $2) + interval '12 hours' AS noon) day
         WHERE pipeline_run_id = $1 AND status = 'APPROVED'`,
        [run.number, daysAgo],
      );
    }
    const bob = await kit.window("bob");
    await bob.goto(`${kit.url}/records/times`);
    const chart = bob.getByRole("figure", { name: "Time to decide, by day" });
    await chart.waitFor();
    expect((await numbersOf(chart)).map((cells) => cells.slice(1))).toEqual([
      ["1 h 30 min", "1"],
      ["–", "0"],
      ["1 h 30 min", "1"],
    ]);
    expect(kit.pageErrors).toEqual([]);
  });
});

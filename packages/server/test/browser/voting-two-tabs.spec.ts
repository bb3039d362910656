import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { stepRegion, waitingRun } from "../kit/run-page.ts";
import { type ApiRun, stepOf } from "../kit/spec-runs.ts";
import { candidatesOf } from "../kit/steps.ts";
import { countedVotes, pairOn, untilReady } from "../kit/voting-page.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Two tabs of ada, each with the same pair: of candidates by their ordinals, turned in the second where that is asked. */
async function twoTabs(run: ApiRun, ada: Page, [one, two]: readonly [number, number], turned = false) {
  const { id: stepId } = await stepOf(kit, run, 1);
  const ids = await candidatesOf(kit, stepId);
  const [left, right] = [ids[one - 1]!, ids[two - 1]!];
  const other = await ada.context().newPage();
  other.on("pageerror", (error) => expect.unreachable(String(error)));
  const path = `${kit.url}/runs/${encodeURIComponent(run.id)}/steps/${encodeURIComponent(stepId)}/vote`;
  await ada.goto(`${path}?${new URLSearchParams({ left, right })}`);
  await other.goto(`${path}?${new URLSearchParams(turned ? { left: right, right: left } : { left, right })}`);
  for (const tab of [ada, other]) await untilReady(tab);
  return other;
}

const outcomes = async (run: ApiRun) => (await countedVotes(kit, run)).map(({ outcome }) => outcome);

describe("one person at the same pair in two tabs", () => {
  it("V2: the first judgement stands; the second tab says so, and can take it back and judge anew", async () => {
    const run = await waitingRun(kit, 3);
    const ada = await kit.window("ada");
    const other = await twoTabs(run, ada, [1, 2], true);
    const pair = await pairOn(other);
    await ada.keyboard.press("ArrowLeft");
    await expect.poll(() => outcomes(run)).toEqual(["LEFT"]);
    await other.keyboard.press("t");
    // What is left in one is right in the other.
    await other
      .getByRole("alert")
      .getByText("You had judged this pair before, in another window: the right one is better. That vote stands")
      .waitFor();
    expect(await outcomes(run)).toEqual(["LEFT"]);

    await other.keyboard.press("u");
    await untilReady(other);
    expect(await pairOn(other)).toBe(pair);
    await expect.poll(() => outcomes(run)).toEqual([]);
    await other.keyboard.press("t");
    await expect.poll(() => outcomes(run)).toEqual(["TIE"]);

    // The same judgement in both is one vote, and nothing to speak of.
    const third = await twoTabs(run, ada, [1, 3], true);
    await ada.keyboard.press("ArrowLeft");
    await expect.poll(() => outcomes(run)).toEqual(["TIE", "LEFT"]);
    await third.keyboard.press("ArrowRight");
    await third.getByText("You have judged 2 pairs here").waitFor();
    expect(await third.getByRole("alert").count()).toBe(0);
    expect(await outcomes(run)).toEqual(["TIE", "LEFT"]);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("shows a pair again that was taken back elsewhere, where all had been judged", async () => {
    const run = await waitingRun(kit, 2);
    const ada = await kit.window("ada");
    const other = await twoTabs(run, ada, [1, 2]);
    const all = "You have judged every pair";
    await ada.keyboard.press("ArrowLeft");
    await ada.getByText(all).waitFor();
    await expect.poll(() => outcomes(run)).toEqual(["LEFT"]);
    // Not the pair that the address asked for.
    await other.goto(other.url().replace(/\?.*/, ""));
    await other.getByText(all).waitFor();

    await ada.keyboard.press("u");
    await expect.poll(() => outcomes(run)).toEqual([]);
    await untilReady(other);
    expect(await other.getByText(all).count()).toBe(0);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("tells it on whichever page the tab is on when the answer comes", async () => {
    const run = await waitingRun(kit, 3);
    const ada = await kit.window("ada");
    const other = await twoTabs(run, ada, [1, 2]);
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    await other.route("**/graphql", async (route) => {
      if ((route.request().postData() ?? "").includes('"operationName":"CastVote"')) await held;
      await route.continue();
    });
    await other.keyboard.press("t");
    await ada.keyboard.press("ArrowLeft");
    await expect.poll(() => outcomes(run)).toEqual(["LEFT"]);
    await other.getByRole("link", { name: /^Run #\d+/ }).click();
    await stepRegion(other, 1).waitFor();
    letGo();
    await other.getByText("Your last vote was not counted. You had judged this pair before").waitFor();
    await stepRegion(other, 1).getByText("1 pair judged", { exact: true }).waitFor();
    expect(await outcomes(run)).toEqual(["LEFT"]);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { waitingRun } from "../kit/run-page.ts";
import { approve } from "../kit/spec-runs.ts";
import { countedVotes, openVoting, pairOn, untilPrepared, untilReady } from "../kit/voting-page.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

const OPERATION = /"operationName":"(CastVote|UndoVote)"/;

/** Holds back votes of a window until they are let go; tells which were sent. */
async function heldVotes(page: Awaited<ReturnType<BrowserKit["window"]>>) {
  const sent: string[] = [];
  let held: Promise<void> | undefined;
  await page.route("**/graphql", async (route) => {
    const operation = OPERATION.exec(route.request().postData() ?? "")?.[1];
    if (operation === undefined) return await route.continue();
    sent.push(operation);
    await held;
    await route.continue();
  });
  return {
    sent,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
  };
}

describe("votes on their way", () => {
  it("quick ones are shown at once and arrive in their order; the page can be left meanwhile", async () => {
    const run = await waitingRun(kit, 6);
    const ada = await kit.window("ada");
    const votes = await heldVotes(ada);
    await openVoting(ada, kit, run);
    await untilPrepared(ada, 2);
    const letGo = votes.hold();
    const seen = [await pairOn(ada)];
    for (const key of ["ArrowLeft", "t"]) {
      await ada.keyboard.press(key);
      await untilReady(ada);
      seen.push(await pairOn(ada));
    }
    expect(new Set(seen).size).toBe(3);
    await ada.keyboard.press("b");
    expect(votes.sent).toEqual(["CastVote"]);

    await ada.getByRole("link", { name: /^Run #\d+/ }).click();
    await ada.getByRole("region", { name: /^Step 1:/ }).waitFor();
    letGo();
    await expect.poll(async () => (await countedVotes(kit, run)).length).toBe(3);
    const counted = await countedVotes(kit, run);
    expect(counted.map(({ outcome }) => outcome)).toEqual(["LEFT", "TIE", "BOTH_BAD"]);
    expect(counted.map(({ left, right }) => `${left} | ${right}`)).toEqual(seen);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("V3: one in flight can be taken back, and its pair be judged anew", async () => {
    const run = await waitingRun(kit, 4);
    const ada = await kit.window("ada");
    const votes = await heldVotes(ada);
    await openVoting(ada, kit, run);
    await untilPrepared(ada);
    const letGo = votes.hold();
    const first = await pairOn(ada);
    await ada.keyboard.press("ArrowLeft");
    await ada.keyboard.press("Control+z");
    expect(await pairOn(ada)).toBe(first);
    letGo();
    await expect.poll(() => votes.sent).toEqual(["CastVote", "UndoVote"]);
    await untilReady(ada);
    await ada.keyboard.press("ArrowRight");
    await expect.poll(async () => (await countedVotes(kit, run)).map(({ outcome }) => outcome)).toEqual(["RIGHT"]);
    const [vote] = await countedVotes(kit, run);
    expect(`${vote?.left} | ${vote?.right}`).toBe(first);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("a refused one brings its pair back, with the reason: the step was closed meanwhile", async () => {
    const run = await waitingRun(kit, 4);
    const ada = await kit.window("ada");
    // A live connection that says nothing: the page believes that the step is open.
    await ada.routeWebSocket(/\/graphql$/, () => {});
    await openVoting(ada, kit, run);
    await untilPrepared(ada);
    const judged = await pairOn(ada);
    await approve(kit, run, 1, {}, "bob");
    await ada.keyboard.press("ArrowLeft");
    await ada.getByText("Step 1 is decided: votes no longer count.").waitFor();
    expect(await pairOn(ada)).toBe(judged);
    await ada.getByText("Voting on this step is closed").waitFor();
    expect(await ada.getByRole("button", { name: "Left is better" }).count()).toBe(0);
    expect(await countedVotes(kit, run)).toEqual([]);
  }, 120_000);

  it("without a network they wait, outlast a reload, and are sent when it is back", async () => {
    const run = await waitingRun(kit, 5);
    const ada = await kit.window("ada");
    await openVoting(ada, kit, run);
    await untilPrepared(ada, 2);
    let down = true;
    await ada.route("**/graphql", (route) =>
      down && OPERATION.test(route.request().postData() ?? "") ? route.abort() : route.continue(),
    );
    await ada.keyboard.press("ArrowRight");
    await untilReady(ada);
    await ada.keyboard.press("ArrowRight");
    await ada.getByText("2 votes wait here and are sent as soon as it can.").waitFor();
    expect(await countedVotes(kit, run)).toEqual([]);

    ada.on("dialog", (dialog) => void dialog.accept());
    await ada.reload();
    await untilReady(ada);
    down = false;
    await expect.poll(async () => (await countedVotes(kit, run)).length, { timeout: 15_000 }).toBe(2);
    await ada.getByText("You have judged 2 pairs here").waitFor();
    await ada.getByText(/votes? waits? here/).waitFor({ state: "detached" });
    // What was judged before the reload can still be taken back.
    await ada.keyboard.press("u");
    await expect.poll(async () => (await countedVotes(kit, run)).length).toBe(1);
  }, 120_000);

  it("are not sent in the name of somebody else who signs in meanwhile, and wait for their voter", async () => {
    const run = await waitingRun(kit, 4);
    const ada = await kit.window("ada");
    const cookies = await ada.context().cookies();
    // A live connection that says nothing of who signs in and out.
    await ada.routeWebSocket(/\/graphql$/, () => {});
    await openVoting(ada, kit, run);
    await untilPrepared(ada);
    const voting = ada.url();
    let down = true;
    await ada.route("**/graphql", (route) =>
      down && OPERATION.test(route.request().postData() ?? "") ? route.abort() : route.continue(),
    );
    await ada.keyboard.press("ArrowRight");
    await ada.getByText("1 vote waits here and is sent as soon as it can.").waitFor();
    const [name = "", value = ""] = (await kit.people.session("bob")).split(/=(.*)/);
    // As another tab does, whose cookie is this one's too.
    await ada.context().addCookies([{ name, value, url: kit.url }]);
    down = false;
    await ada.waitForURL("**/sign-in");
    expect(await countedVotes(kit, run)).toEqual([]);

    await ada.context().addCookies(cookies);
    await ada.goto(voting);
    await untilReady(ada);
    await expect.poll(async () => (await countedVotes(kit, run)).map(({ outcome }) => outcome)).toEqual(["RIGHT"]);
  }, 120_000);
});

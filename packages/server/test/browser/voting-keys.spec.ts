import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openRun, waitingRun } from "../kit/run-page.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** What counts, in the order of the votes. */
async function outcomes(): Promise<string[]> {
  const rows = await kit.db.many<{ outcome: string }>(
    `SELECT outcome::text FROM votes WHERE revoked_at IS NULL ORDER BY id`,
  );
  return rows.map(({ outcome }) => outcome);
}

describe("the keys of the voting page", () => {
  it("V2, V4: T ties, B says both are bad, Space skips, U takes back, ? explains; none of them while typing", async () => {
    const run = await waitingRun(kit, 4);
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    await ada.getByRole("link", { name: "Vote on step 1" }).click();
    const press = async (key: string) => {
      await ada.locator('[aria-busy="false"]').getByRole("region", { name: "Left" }).waitFor();
      await ada.keyboard.press(key);
    };
    const judged = (pairs: string) => ada.getByText(`You have judged ${pairs} here`).waitFor();

    await judged("0 pairs");
    await press("t");
    await judged("1 pair");
    await press("b");
    await judged("2 pairs");
    await press("Space");
    await judged("3 pairs");
    expect(await outcomes()).toEqual(["TIE", "BOTH_BAD", "SKIP"]);

    await press("u");
    await judged("2 pairs");
    expect(await outcomes()).toEqual(["TIE", "BOTH_BAD"]);

    await press("?");
    const help = ada.getByRole("dialog");
    await help.getByText("Undo your last vote").waitFor();
    // Behind the help nothing is judged: the key that does come through is the one that closes it.
    await ada.keyboard.press("t");
    await ada.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });

    await ada.evaluate(() => {
      const field = document.createElement("input");
      field.setAttribute("aria-label", "somewhere to write");
      document.body.append(field);
    });
    const field = ada.getByLabel("somewhere to write");
    await field.focus();
    for (const key of ["t", "b", "1", "?"]) await ada.keyboard.press(key);
    expect(await field.inputValue()).toBe("tb1?");
    await field.evaluate((element) => element.remove());

    await press("2");
    await judged("3 pairs");
    expect((await outcomes()).slice(0, 2)).toEqual(["TIE", "BOTH_BAD"]);
    expect(["LEFT", "RIGHT"]).toContain((await outcomes())[2]);
    expect(await outcomes()).toHaveLength(3);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

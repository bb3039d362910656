import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openGallery, tile, untilCount } from "../kit/gallery-page.ts";
import { waitingRun } from "../kit/run-page.ts";
import { approve, untilStep } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** The label of the tile that has the focus; undefined where none has it. */
async function focused(page: Page): Promise<string | undefined> {
  const name = await page.evaluate(() => document.activeElement?.ariaLabel ?? "");
  return /^Candidate ([\d.]+),/.exec(name)?.[1];
}

describe("deciding in the gallery", () => {
  it("on a phone two texts that are compared stand one above the other, each over the whole width", async () => {
    const run = await waitingRun(kit, 2);
    const pia = await kit.window("pia", { phone: true });
    await openGallery(pia, kit, run);
    for (const label of ["1", "2"]) await tile(pia, label).press("Space");
    await pia.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Compare" }).click();
    const comparison = pia.getByRole("dialog", { name: "Compare 2 candidates" });
    await comparison.getByRole("row", { name: /^Rating/ }).waitFor();
    const places = () =>
      comparison.getByRole("region", { name: /^Candidate/ }).evaluateAll((all) =>
        all.map((each) => {
          const { left, right, top, bottom } = each.getBoundingClientRect();
          return { inside: left >= 0 && right <= innerWidth, wide: right - left > 300, top, bottom };
        }),
      );
    const [one, other] = await places();
    expect([one, other]).toMatchObject(Array(2).fill({ inside: true, wide: true }));
    expect(other?.top).toBeGreaterThanOrEqual(one?.bottom ?? Number.NaN);
  }, 120_000);

  it("G13: by keyboard alone: selects, compares, opens, goes to parent and child, and rejects", async () => {
    const run = await waitingRun(kit, 4);
    await approve(kit, run, 1, { topK: 1 });
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    const ada = await kit.window("ada");
    await openGallery(ada, kit, run);
    await untilCount(ada, "8 of 8 candidates");
    const { keyboard } = ada;
    for (let tabs = 0; (await focused(ada)) === undefined && tabs < 40; tabs++) await keyboard.press("Tab");
    const first = await focused(ada);

    await keyboard.press("Space");
    await keyboard.press("ArrowRight");
    await keyboard.press("Space");
    await ada.getByRole("region", { name: "Selection" }).getByText("2 selected").waitFor();
    await keyboard.press("c");
    const comparison = ada.getByRole("dialog", { name: "Compare 2 candidates" });
    await comparison.getByRole("row", { name: /^Rating/ }).waitFor();
    expect(await comparison.getByRole("region", { name: /^Candidate/ }).count()).toBe(2);
    // The comparison has an address of its own.
    await ada.reload();
    await comparison.getByRole("row", { name: /^Seed/ }).waitFor();
    await keyboard.press("Escape");
    await comparison.waitFor({ state: "detached" });
    await expect.poll(() => focused(ada)).toBe(first);

    // To the last, large, back to the one before it, and the focus is there.
    await keyboard.press("End");
    await expect.poll(() => focused(ada)).toMatch(/\./);
    await keyboard.press("Enter");
    const dialog = ada.getByRole("dialog");
    await dialog.getByText("8 of 8").waitFor();
    await keyboard.press("ArrowLeft");
    await dialog.getByText("7 of 8").waitFor();
    const child = (await dialog.getByRole("heading").first().textContent())?.replace("Candidate ", "") ?? "";
    await keyboard.press("c");
    const family = ada.getByRole("dialog", { name: "A parent and its child" });
    await family.getByText(`Child ${child}`, { exact: true }).waitFor();
    await family.getByText(`Parent ${child.split(".")[0]}`, { exact: true }).waitFor();
    // Two texts: what only one of them has is marked in it.
    await family.getByText("Differences", { exact: true }).click();
    await family.locator("ins").first().waitFor();
    await family.getByRole("button", { name: `Open candidate ${child.split(".")[0]}`, exact: true }).press("Enter");
    await dialog.getByRole("link", { name: /^Show the children of/ }).press("Enter");
    await untilCount(ada, "4 of 8 candidates");

    await keyboard.press("g");
    await ada.getByRole("heading", { name: /^Step 2:/ }).waitFor();
    await keyboard.press("g");
    await untilCount(ada, "8 of 8 candidates");
    for (let tabs = 0; (await focused(ada)) === undefined && tabs < 40; tabs++) await keyboard.press("Tab");
    await keyboard.press("End");
    await expect.poll(() => focused(ada)).toMatch(/\./);
    const last = (await focused(ada)) ?? "";
    await keyboard.press("x");
    await ada
      .getByRole("dialog", { name: `Reject candidate ${last}?` })
      .getByLabel("Leave it empty")
      .press("Space");
    await ada.getByRole("dialog").getByRole("button", { name: "Reject", exact: true }).press("Enter");
    await tile(ada, last).getByText("Rejected").waitFor();
    await expect.poll(() => focused(ada)).toBe(last);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("G13, G6: rejects with and without a replacement, restores, and tells of each that is refused; a second window sees it", async () => {
    const run = await waitingRun(kit, 4);
    const [ada, bob] = [await kit.window("ada"), await kit.window("bob")];
    await openGallery(ada, kit, run);
    await openGallery(bob, kit, run);
    const dialog = ada.getByRole("dialog");
    const standing = async () => {
      const rows = await kit.db.many<{ status: string; n: number }>(
        `SELECT status::text, count(*)::int AS n FROM candidates WHERE pipeline_run_id = $1 GROUP BY 1 ORDER BY 1`,
        [run.number],
      );
      return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
    };

    await tile(ada, "2").click();
    await dialog.getByRole("button", { name: "Reject…" }).click();
    await ada
      .getByRole("dialog", { name: "Reject candidate 2?" })
      .getByRole("button", { name: "Reject", exact: true })
      .click();
    await tile(bob, "2").getByText("Rejected").waitFor();
    // Its replacement is announced and moves nothing.
    await bob.getByRole("button", { name: "1 new: show" }).click();
    await tile(bob, "5").waitFor();
    expect(await standing()).toEqual({ ACTIVE: 4, REJECTED: 1 });
    await ada.keyboard.press("Escape");

    for (const label of ["3", "4"]) {
      await tile(ada, label).hover();
      await ada.getByRole("button", { name: `Select candidate ${label}` }).click();
    }
    await ada.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Reject…" }).click();
    await dialog.getByLabel("Leave it empty").check();
    await dialog.getByRole("button", { name: "Reject 2" }).click();
    await tile(bob, "4").getByText("Rejected").waitFor();
    await tile(bob, "3").getByText("Rejected").waitFor();
    expect(await standing()).toEqual({ ACTIVE: 2, REJECTED: 3 });

    await tile(ada, "3").focus();
    await ada.keyboard.press("r");
    await ada.getByRole("dialog", { name: "Restore candidate 3?" }).getByRole("button", { name: "Restore" }).click();
    await expect.poll(() => tile(bob, "3").getByText("Rejected").count()).toBe(0);
    expect(await standing()).toEqual({ ACTIVE: 3, REJECTED: 2 });

    // Decided while the dialog is open: it is too late, and the dialog says why.
    await tile(ada, "4").focus();
    await ada.keyboard.press("r");
    await ada.getByRole("dialog", { name: "Restore candidate 4?" }).waitFor();
    await approve(kit, run, 1, { topK: 1 });
    await dialog.getByRole("button", { name: "Restore" }).click();
    await dialog.getByRole("alert").getByText("1 of 1 refused").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await tile(bob, "4").getByText("Rejected").waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

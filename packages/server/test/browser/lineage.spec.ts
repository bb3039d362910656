import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bigRun } from "../kit/big-run.ts";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { type ApiRun, applyPipeline, approve, createRun, rate, untilStep } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
  await applyPipeline(kit, "Lines", [
    "{ name: Draft, type: generate, generator: grammar }",
    "{ name: Polish, type: generate, generator: grammar }",
  ]);
});
afterAll(() => kit[Symbol.asyncDispose]());

const treeOf = (page: Page) => page.getByRole("application", { name: /^Lineage of run/ });
const cards = (page: Page) => page.getByTestId("lineage-card");
const openLineage = async (page: Page, run: ApiRun, search = "") => {
  await page.goto(`${kit.url}/runs/${encodeURIComponent(run.id)}/lineage${search}`);
  await treeOf(page).waitFor();
};

/** What the database knows: who was made from whom, and what became of them. */
async function familyOf(run: ApiRun) {
  return await kit.db.many<{
    id: string;
    parent: string | null;
    advancement: string;
    position: number;
    ordinal: number;
  }>(
    `SELECT encode(convert_to('Candidate:' || c.id, 'UTF8'), 'base64') AS id, c.advancement, c.ordinal, rs.position,
       encode(convert_to('Candidate:' || c.parent_id, 'UTF8'), 'base64') AS parent
     FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id WHERE c.pipeline_run_id = $1`,
    [run.number],
  );
}

describe("the lineage of a run", () => {
  it("shows every candidate beside what it was made from, marks what advances and what has won, and follows the run", async () => {
    const run = await createRun(kit, "Lines", { maxChildrenPerNode: 3, defaultTopK: 2, reviewFirstStep: true });
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/${encodeURIComponent(run.id)}`);
    await ada.getByRole("link", { name: "Lineage", exact: true }).click();
    await ada.getByText("3 candidates · 0 advancing").waitFor();
    await expect.poll(() => cards(ada).count()).toBe(3);

    // Nothing below reloads this window.
    await rate(kit, run, 1, [1100, 900, 1200]);
    await approve(kit, run, 1, { topK: 2 });
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    await ada.getByText("9 candidates · 2 advancing").waitFor();
    await approve(kit, run, 2, { topK: 1 });
    await ada.getByText("9 candidates · 2 advancing · 1 winner").waitFor();

    const family = await familyOf(run);
    const standings = await cards(ada).evaluateAll((all) =>
      all.map((card) => [card.id.replace("lineage-", ""), card.getAttribute("data-standing")] as const),
    );
    expect(new Map(standings)).toEqual(
      new Map(
        family.map(({ id, advancement, position }) => [
          id,
          advancement === "ADVANCING" ? (position === 2 ? "winner" : "advancing") : "behind",
        ]),
      ),
    );
    const lines = await ada
      .locator(".react-flow__edge")
      .evaluateAll((all) => all.map((line) => [line.getAttribute("data-id"), line.getAttribute("class")] as const));
    const children = family.filter(({ parent }) => parent !== null);
    expect(new Set(lines.map(([id]) => id))).toEqual(new Set(children.map(({ id, parent }) => `${parent} ${id}`)));
    const won = children.filter(({ advancement }) => advancement === "ADVANCING");
    expect(lines.filter(([, names]) => names?.includes("line-won")).map(([id]) => id)).toEqual(
      won.map(({ id, parent }) => `${parent} ${id}`),
    );

    // Only what goes on: the winner and its two possible parents.
    await ada.getByRole("switch", { name: "Advancing only" }).click({ force: true });
    await expect.poll(() => cards(ada).count()).toBe(3);
    expect(ada.url()).toContain("advancing=true");
    expect(kit.pageErrors).toEqual([]);
  });

  it("is walked with the arrow keys, opened with Enter, and read as a list; all of it has an address", async () => {
    const run = await finishedRun();
    const family = await familyOf(run);
    const bob = await kit.window("bob");
    await openLineage(bob, run);
    await treeOf(bob).focus();
    await bob.keyboard.press("ArrowDown");
    const told = (words: RegExp) => bob.getByRole("status").filter({ hasText: words }).waitFor({ state: "attached" });
    await told(/^Candidate 1\. .*Step 1/);
    await bob.keyboard.press("ArrowDown");
    await told(/^Candidate 2\./);
    await bob.keyboard.press("ArrowUp");
    await bob.keyboard.press("ArrowRight");
    await told(/^Candidate 1\.\d\. .*Step 2/);
    const active = await activeOf(treeOf(bob));
    expect(family.find(({ id }) => id === active)?.parent).toBe(
      family.find(({ position, ordinal }) => position === 1 && ordinal === 1)?.id,
    );

    // Enter opens it; the keys go on to what it was made from, and Escape comes back to the tree.
    await bob.keyboard.press("Enter");
    const box = bob.getByRole("dialog", { name: /^Candidate 1\.\d$/ });
    await box.getByText("2 of 2").waitFor();
    await bob.keyboard.press("ArrowLeft");
    await bob.getByRole("dialog", { name: "Candidate 1", exact: true }).getByText("1 of 2").waitFor();
    await bob.keyboard.press("Escape");
    await bob.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(() => treeOf(bob).evaluate((tree) => tree === document.activeElement)).toBe(true);

    // The address keeps what was chosen.
    const address = bob.url();
    const carol = await kit.window("carol");
    await carol.goto(address);
    await treeOf(carol).waitFor();
    await expect.poll(() => activeOf(treeOf(carol))).toBe(await activeOf(treeOf(bob)));

    await carol.getByText("List", { exact: true }).click();
    const list = carol.getByRole("list", { name: /^Lineage of run/ });
    await list.waitFor();
    const made = list.getByRole("list", { name: "Made from 1" });
    expect(await made.getByRole("listitem").count()).toBe(3);
    await made.getByRole("button").first().click();
    await carol.getByRole("dialog", { name: /^Candidate 1\./ }).waitFor();
    await carol.reload();
    await list.waitFor();
    expect(kit.pageErrors).toEqual([]);
  });

  it("stays usable with a thousand candidates: zoomed in, only what is on the screen is in the document", async () => {
    const run = await bigRun(kit, [40, 240, 720]);
    const dan = await kit.window("dan");
    await openLineage(dan, run);
    await dan.getByText("1000 candidates · 80 advancing").waitFor();
    const drawn = await cards(dan).count();
    expect(drawn).toBeGreaterThan(5);
    expect(drawn).toBeLessThan(200);

    // The whole of it, from afar, and back.
    await dan.getByRole("button", { name: "Show the whole tree" }).click();
    await expect.poll(() => cards(dan).count()).toBe(1000);
    await dan.getByRole("button", { name: "Zoom in" }).waitFor();
    await treeOf(dan).focus();
    await dan.keyboard.press("Home");
    await expect.poll(() => cards(dan).count()).toBeLessThan(200);

    // Far down in the last step, by the address; what is opened there is the one that was meant.
    const [last] = await kit.db.many<{ id: string }>(
      `SELECT encode(convert_to('Candidate:' || max(id), 'UTF8'), 'base64') AS id FROM candidates WHERE pipeline_run_id = $1`,
      [run.number],
    );
    await openLineage(dan, run, `?candidate=${encodeURIComponent(last?.id ?? "")}`);
    const card = dan.locator(`[id="lineage-${last?.id}"]`);
    await card.waitFor();
    const before = await card.boundingBox();
    const middle = { x: (before?.x ?? 0) - 60, y: (before?.y ?? 0) + 5 };
    await dan.mouse.move(middle.x, middle.y);
    await dan.mouse.down();
    await dan.mouse.move(middle.x - 80, middle.y - 40, { steps: 4 });
    await dan.mouse.up();
    await expect
      .poll(async () => Math.round((await card.boundingBox())?.x ?? 0))
      .toBe(Math.round((before?.x ?? 0) - 80));
    await card.click();
    await dan
      .getByRole("dialog")
      .getByText(`line ${await numberOf(last?.id)}`)
      .first()
      .waitFor();
    expect(kit.pageErrors).toEqual([]);
  });
});

/** A run of two steps that has ended with a winner. */
async function finishedRun(): Promise<ApiRun> {
  const run = await createRun(kit, "Lines", { maxChildrenPerNode: 3, defaultTopK: 3, reviewFirstStep: true });
  for (const [position, topK] of [
    [1, 3],
    [2, 1],
  ] as const) {
    await untilStep(kit, run, position, "AWAITING_APPROVAL");
    await approve(kit, run, position, { topK });
  }
  return run;
}

async function activeOf(tree: Locator): Promise<string | undefined> {
  return (await tree.getAttribute("aria-activedescendant"))?.replace("lineage-", "");
}

async function numberOf(id = ""): Promise<string> {
  return Buffer.from(id, "base64").toString().replace("Candidate:", "");
}

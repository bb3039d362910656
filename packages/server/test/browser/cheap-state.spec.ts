import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { countedGenerator } from "../kit/counted-generator.ts";
import { openGallery, tile, untilCount } from "../kit/gallery-page.ts";
import { openApproval, openRun, stepRegion, waitingRun } from "../kit/run-page.ts";
import { type ApiRun, applyPipeline, createRun, previewOf, stepOf, untilStep } from "../kit/spec-runs.ts";
import { candidatesOf, pairsOf, vote } from "../kit/steps.ts";
import { countTraffic, type Traffic } from "../kit/traffic.ts";

const writer = countedGenerator("writer");
let kit: BrowserKit;
/** Three people look at a run: on its page, where it is decided, and in its gallery. */
let onRun: Page;
let deciding: Page;
let inGallery: Page;
let countings: ReturnType<typeof countTraffic>[];
beforeAll(async () => {
  kit = await browserKit({ generators: [writer] });
  await applyPipeline(kit, "Fifty", ["{ name: Draft, type: generate, generator: writer, gate: manual }"]);
  [onRun, deciding, inGallery] = [await kit.window("ada"), await kit.window("bob"), await kit.window("carol")];
  countings = [onRun, deciding, inGallery].map(countTraffic);
});
afterAll(() => kit[Symbol.asyncDispose]());

/** At once, and every 3 s for as long as it lasts: however slow the machine, this is what may be read again. */
const readAgain = (sinceMs: number) => 2 + Math.ceil((Date.now() - sinceMs) / 3_000);

function expectAtMost({ asked }: Traffic, most: Readonly<Record<string, number>>): void {
  const counts: Record<string, number> = {};
  for (const name of asked) counts[name] = (counts[name] ?? 0) + 1;
  const tooMany = Object.entries(counts).filter(([name, count]) => count > (most[name] ?? 0));
  expect(Object.fromEntries(tooMany)).toEqual({});
}

async function eventsOf(run: ApiRun): Promise<number> {
  const { n } = await kit.db.one<{ n: number }>(
    `SELECT count(*)::int AS n FROM run_events WHERE pipeline_run_id = $1`,
    [run.number],
  );
  return n;
}

/** In the order of the candidates' arrival, which is not the one of their places. */
async function labelsOf(run: ApiRun): Promise<string[]> {
  const rows = await kit.db.many<{ label: string }>(
    `SELECT ordinal::text AS label FROM candidates WHERE pipeline_run_id = $1 ORDER BY id`,
    [run.number],
  );
  return rows.map(({ label }) => label);
}

/** The ratings that the tiles of a step say, in the order of the candidates' arrival. */
async function ratingsIn(page: Page): Promise<number[]> {
  const tiles = stepRegion(page, 1).getByRole("article", { name: /^Candidate / });
  return (await tiles.allTextContents()).map((words) => Number(/(\d+) Elo/.exec(words)?.[1]));
}

describe("pages that others work on", () => {
  it("20 votes come with their events: what else they move is read again at most every 3 s", async () => {
    const run = await waitingRun(kit, 8);
    await openRun(onRun, kit, run);
    await openRun(deciding, kit, run);
    const dialog = await openApproval(deciding);
    await openGallery(inGallery, kit, run);
    const ids = await candidatesOf(kit, (await stepOf(kit, run, 1)).id);
    const labels = await labelsOf(run);
    const [first, ...pairs] = pairsOf(ids).slice(0, 21);
    // Once this one is seen everywhere, all three listen.
    await vote(kit, first!, { as: "dan" });
    const judged = (page: Page, words: string) => stepRegion(page, 1).getByText(words, { exact: true });
    for (const page of [onRun, deciding]) await judged(page, "1 pair judged").waitFor();
    await tile(inGallery, labels[1]!).getByText("1 vote").waitFor();

    const counted = countings.map((begin) => begin());
    const began = Date.now();
    for (const pair of pairs) await vote(kit, pair, { as: "dan" });
    await judged(onRun, "21 pairs judged").waitFor();
    const { ranked } = await previewOf(kit, run, 1);
    const elos = ids.map((id) => Math.round(ranked.find(({ candidate }) => candidate.id === id)?.candidate.elo ?? 0));
    await expect.poll(() => ratingsIn(onRun)).toEqual(elos);
    for (const [index, elo] of elos.entries()) {
      await inGallery
        .getByRole("gridcell", { name: new RegExp(`^Candidate ${labels[index]}, .*${elo} Elo`) })
        .waitFor();
    }
    const rows = dialog.getByRole("list", { name: "Candidates by Elo" }).getByRole("listitem");
    await expect
      .poll(() => rows.evaluateAll((all) => all.map((row) => row.getAttribute("data-key"))))
      .toEqual(ranked.map(({ candidate }) => candidate.id));

    const [page, decision, gallery] = counted.map((each) => each()) as [Traffic, Traffic, Traffic];
    const again = readAgain(began);
    expectAtMost(page, { RunState: again, StepCandidates: again });
    expectAtMost(decision, { RunState: again, StepCandidates: again });
    expectAtMost(gallery, { GalleryStanding: again });
    // One message each, and for the dialog its preview.
    expect(page.told).toBeLessThanOrEqual(pairs.length);
    expect(gallery.told).toBeLessThanOrEqual(pairs.length);
    expect(decision.told).toBeLessThanOrEqual(2 * pairs.length);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("50 candidates come with theirs: one after the other is seen to come, and no page asks for each", async () => {
    const run = await createRun(kit, "Fifty", { maxChildrenPerNode: 50, reviewFirstStep: true });
    await openRun(onRun, kit, run);
    await openRun(deciding, kit, run);
    await inGallery.goto(`${kit.url}/runs/${encodeURIComponent(run.id)}/gallery`);
    writer.allow(1);
    for (const page of [onRun, deciding])
      await stepRegion(page, 1)
        .getByText(/^1 of 50 candidates/)
        .waitFor();
    await deciding.getByRole("button", { name: "Preview approval of step 1" }).click();
    await untilCount(inGallery, "1 of 1 candidate");

    const counted = countings.map((begin) => begin());
    const [began, before] = [Date.now(), await eventsOf(run)];
    writer.allow(49);
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    await stepRegion(onRun, 1).getByRole("link", { name: "Show all 50 in the gallery" }).waitFor();
    expect((await ratingsIn(onRun)).length).toBe(12);
    await stepRegion(onRun, 1).getByText("Awaiting Approval (50 candidates ready)").first().waitFor();
    await deciding.getByRole("button", { name: "Approve with K=3" }).waitFor();
    await inGallery.getByRole("button", { name: "49 new: show" }).waitFor();

    const [page, decision, gallery] = counted.map((each) => each()) as [Traffic, Traffic, Traffic];
    const events = (await eventsOf(run)) - before;
    const again = readAgain(began);
    // The first dozen as they come. A gate that opens is told at once, and counted in everybody's header.
    const lists = { RunState: again + 1, StepJobs: again, StepCandidates: again + 12, Inbox: 2, RunPage: again };
    expectAtMost(page, lists);
    expectAtMost(decision, { ...lists, ApprovalPreviewNow: 1 });
    expectAtMost(gallery, { GalleryCounts: again + 1, GalleryStanding: again + 1, GalleryRun: 3, Inbox: 2 });
    for (const { told } of [page, gallery]) expect(told).toBeLessThanOrEqual(events + 2);
    expect(decision.told).toBeLessThanOrEqual(2 * events + 2);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

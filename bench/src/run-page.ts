/**
 * How long it takes until the page of a run can be used, by how many candidates the run has. Run, with the dashboard
 * built: `node bench/src/run-page.ts [times]`.
 *
 * Each visit is a navigation in a real browser against a real server: until the first pictures' tiles are there, and
 * until a button that is pressed then has answered. "New" is a browser that has nothing of Sluice yet, "again" one that
 * was there before. The same for the gallery, which shows all candidates. The driver's own time is in all figures.
 */
import { randomBytes } from "node:crypto";
import chromiumPackage from "@sparticuz/chromium";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import sharp from "sharp";
import { HEADER, row } from "./live/quantiles.ts";
import { type Stage, setStage, TOKEN } from "./live/stage.ts";

const TIMES = Number(process.argv[2] ?? 10);
const SIZES = [10, 500];
const PICTURES = 20;

await using stage = await setStage();
chromiumPackage.setGraphicsMode = false;
const browser = await chromium.launch({
  executablePath: await chromiumPackage.executablePath(),
  args: chromiumPackage.args.filter((arg) => !["--single-process", "--no-zygote"].includes(arg)),
});
try {
  const pictures = await Promise.all(Array.from({ length: PICTURES }, () => storedPicture(stage)));
  const again = await visitor(browser, "again");
  console.log(`milliseconds of ${TIMES} visits`);
  console.log(HEADER);
  const medians: number[] = [];
  for (const size of SIZES) {
    const id = await runWith(stage, size, pictures);
    const path = `/runs/${encodeURIComponent(id)}`;
    const ofRun = async (page: Page) => await visit(page, path, /^Actions for candidate/, "menu");
    const ofGallery = async (page: Page) => await visit(page, `${path}/gallery`, "Show the keys", "dialog");
    const visits = { new: [] as Visit[], again: [] as Visit[], galleryNew: [] as Visit[], galleryAgain: [] as Visit[] };
    await ofRun(await again.newPage());
    await ofGallery(await again.newPage());
    for (let time = 0; time < TIMES; time++) {
      // Each with nothing: the gallery shares half of its scripts with the run page.
      await using one = await visitor(browser, `new ${size} ${time}`);
      visits.new.push(await ofRun(await one.newPage()));
      await using other = await visitor(browser, `new ${size} ${time} gallery`);
      visits.galleryNew.push(await ofGallery(await other.newPage()));
      visits.again.push(await ofRun(await again.newPage()));
      visits.galleryAgain.push(await ofGallery(await again.newPage()));
    }
    const shown = (of: readonly Visit[]) => of.map((each) => each.shown);
    const usable = (of: readonly Visit[]) => of.map((each) => each.answered);
    console.log(row(`${size} candidates, run page, new: usable`, usable(visits.new)));
    console.log(row(`${size} candidates, run page, again: tiles`, shown(visits.again)));
    console.log(row(`${size} candidates, run page, again: usable`, usable(visits.again)));
    console.log(row(`${size} candidates, gallery, new: usable`, usable(visits.galleryNew)));
    console.log(row(`${size} candidates, gallery, again: tiles`, shown(visits.galleryAgain)));
    console.log(row(`${size} candidates, gallery, again: usable`, usable(visits.galleryAgain)));
    medians.push(median(usable(visits.again)));
  }
  const [few = Number.NaN, many = Number.NaN] = medians;
  console.log(`\n${SIZES[1]} candidates take ${(many / few).toFixed(2)} times as long as ${SIZES[0]}.`);
} finally {
  await browser.close();
}

/** Milliseconds. */
interface Visit {
  readonly shown: number;
  readonly answered: number;
}

/** Until the first picture's tile is there, and until `button` has been pressed and `answer` is there. */
async function visit(page: Page, path: string, button: RegExp | string, answer: "menu" | "dialog"): Promise<Visit> {
  const start = performance.now();
  await page.goto(stage.server.url + path, { waitUntil: "commit" });
  await page.locator("main img").first().waitFor();
  const shown = performance.now() - start;
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole(answer).waitFor();
  const answered = performance.now() - start;
  await page.close();
  return { shown, answered };
}

/** A browser of its own, of somebody who has joined by an invitation. */
async function visitor(of: Browser, name: string): Promise<BrowserContext> {
  const { invitePerson } = await ask<{ invitePerson: { path: string } }>(
    `mutation ($name: String!) { invitePerson(input: { role: OWNER, name: $name }) { ... on InvitePersonSuccess { path } } }`,
    { name },
  );
  const context = await of.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(stage.server.url + invitePerson.path);
  await page.locator('input[name="email"]').fill(`${randomBytes(4).toString("hex")}@example.org`);
  await page.locator('input[name="password"]').fill(randomBytes(12).toString("hex"));
  // Once the cookie is there: the dashboard itself is not loaded yet.
  const joined = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: "Join" }).click();
  await joined;
  await page.goto("about:blank");
  await page.close();
  return context;
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN;
}

async function storedPicture({ server, pool }: Stage): Promise<string> {
  const create = { width: 768, height: 768, channels: 3, background: "#808080" } as const;
  const noise = { ...create, noise: { type: "gaussian", mean: 128, sigma: 60 } } as const;
  const { sha256, mediaType, width, height } = await server.assets.put(await sharp({ create: noise }).png().toBuffer());
  await pool.query(
    `INSERT INTO assets (sha256, media_type, bytes, width, height) VALUES ($1, $2, 1, $3, $4) ON CONFLICT DO NOTHING`,
    [sha256, mediaType, width, height],
  );
  return sha256;
}

/** A run whose first step waits for a person, with that many pictures. */
async function runWith({ pool }: Stage, size: number, pictures: readonly string[]): Promise<string> {
  const { createRun } = await ask<{ createRun: { run: { id: string; number: number } } }>(
    `mutation { createRun(input: { pipeline: "Deciding", prompt: "noise" }) { ... on CreateRunSuccess { run { id number } } } }`,
  );
  const { id, number } = createRun.run;
  const waits = async () =>
    (await ask<{ run: { status: string } }>("query ($id: ID!) { run(id: $id) { status } }", { id })).run.status ===
    "WAITING_FOR_APPROVAL";
  while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 50));
  await pool.query(
    `INSERT INTO candidates (pipeline_run_id, pipeline_run_step_id, ordinal)
     SELECT $1, (SELECT id FROM pipeline_run_steps WHERE pipeline_run_id = $1), 1000 + i FROM generate_series(2, $2) i`,
    [number, size],
  );
  await pool.query(
    `INSERT INTO candidate_assets (candidate_id, position, sha256)
     SELECT id, 0, ($2::text[])[1 + id % cardinality($2::text[])] FROM candidates WHERE pipeline_run_id = $1`,
    [number, pictures],
  );
  await pool.query("VACUUM ANALYZE candidates, candidate_assets");
  return id;
}

async function ask<T>(query: string, variables: object = {}): Promise<T> {
  const response = await fetch(`${stage.server.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: T; errors?: unknown };
  if (!data || errors) throw new Error(JSON.stringify(errors));
  return data;
}

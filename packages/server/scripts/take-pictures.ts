// Takes the pictures of the README and of docs/tour.md from a running Sluice:
//   node packages/server/scripts/take-pictures.ts "$(npm run --silent sluice -- sign-in-link --name ada)" [name …]
// It creates runs of the example pipelines, votes in one, completes another, and writes docs/images/*.webp: all of
// them, or those that are named. Look at each before you keep it.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import chromiumPackage from "@sparticuz/chromium";
import { chromium, type Locator, type Page } from "playwright-core";
import sharp from "sharp";

const [link, ...chosen] = process.argv.slice(2);
if (!link) throw new Error("Give a sign-in link: npm run sluice -- sign-in-link --name ada");
const images = new URL("../../../docs/images/", import.meta.url);
const MOST_BYTES = 150_000;

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly scheme?: "dark";
  /** As on a phone. */
  readonly phone?: true;
  /** Below what the window shows too. */
  readonly whole?: true;
  /** Brings the page to where it is worth a picture. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const browser = await chromium.launch({
  executablePath: await chromiumPackage.executablePath(),
  args: chromiumPackage.args,
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(180_000);
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await heading(page, "Runs").waitFor();
  for (const shot of shotsOf(await makeRuns(page))) {
    if (chosen.length === 0 || chosen.includes(shot.name)) await take(page, shot);
  }
} finally {
  await browser.close();
}

function shotsOf({ posters, step, taglines }: Runs): readonly Shot[] {
  const run = `/runs/${encodeURIComponent(posters)}`;
  const approval = async (page: Page) => {
    await page
      .getByRole("dialog")
      .getByText(/Will not advance/)
      .first()
      .waitFor();
  };
  const vote = async (page: Page) => {
    await page.locator('[aria-busy="false"]').first().waitFor();
  };
  const approve = `${run}?approve=${encodeURIComponent(step)}`;
  const voting = `${run}/steps/${encodeURIComponent(step)}/vote`;
  const loaded = async (page: Page) => await page.locator("main img").first().waitFor();
  return [
    { name: "runs", path: "/runs", ready: (page) => page.getByText("Autumn fair").first().waitFor() },
    { name: "new-run", path: "/runs/new", ready: fillNewRun },
    { name: "run", path: run, whole: true, ready: loaded },
    { name: "run-dark", path: run, scheme: "dark", ready: loaded },
    { name: "run-phone", path: run, phone: true, ready: loaded },
    { name: "vote", path: voting, ready: vote },
    { name: "vote-phone", path: voting, phone: true, ready: vote },
    { name: "approval", path: approve, ready: approval },
    { name: "approval-dark", path: approve, scheme: "dark", ready: approval },
    { name: "gallery", path: `${run}/gallery`, ready: loaded },
    { name: "lineage", path: `${run}/lineage`, ready: loaded },
    {
      name: "winners",
      path: `/runs/${encodeURIComponent(taglines)}`,
      ready: (page) => page.getByText("Winner").first().waitFor(),
    },
    { name: "inbox", path: "/inbox", ready: (page) => page.getByText("Autumn fair").first().waitFor() },
    { name: "alerts", path: "/alerts", ready: (page) => heading(page, "Alerts").waitFor() },
    { name: "records", path: "/records", ready: (page) => page.getByText("approved").first().waitFor() },
    { name: "times", path: "/records/times", ready: (page) => page.getByRole("table").first().waitFor() },
    { name: "pipelines", path: "/pipelines", ready: (page) => page.getByText("Posters").first().waitFor() },
    {
      name: "pipeline-editor",
      path: "/pipelines/Posters/edit",
      ready: (page) => page.locator(".cm-content").waitFor(),
    },
    { name: "generators", path: "/settings/generators", ready: (page) => page.getByText("cppn").first().waitFor() },
    { name: "people", path: "/settings/people", ready: (page) => page.getByText("owner").first().waitFor() },
  ];
}

async function take(page: Page, { name, path, scheme, phone, whole, ready }: Shot): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme ?? "light", reducedMotion: "reduce" });
  await page.setViewportSize(phone ? { width: 390, height: 844 } : { width: 1280, height: whole ? 1700 : 860 });
  await page.goto(new URL(path, link).href);
  await ready(page);
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  const shown = await page.screenshot({ fullPage: whole ?? false });
  const picture = await sharp(shown).webp({ quality: 80, effort: 6 }).toBuffer();
  await writeFile(fileURLToPath(new URL(`${name}.webp`, images)), picture);
  console.log(`${name}.webp ${picture.length} bytes`);
  if (picture.length > MOST_BYTES) throw new Error(`${name}.webp is larger than ${MOST_BYTES} bytes.`);
}

function heading(page: Page, name: string): Locator {
  return page.getByRole("heading", { name, exact: true });
}

async function fillNewRun(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Prompt" }).fill("autumn hills at sunset");
  await page.getByRole("textbox", { name: "Name (optional)" }).fill("Autumn fair");
}

interface Runs {
  /** Waits at step 2, with votes. */
  readonly posters: string;
  readonly step: string;
  /** Completed. */
  readonly taglines: string;
}

async function makeRuns(page: Page): Promise<Runs> {
  const posters = await createRun(page, { pipeline: "Posters", name: "Autumn fair", prompt: "autumn hills at sunset" });
  const taglines = await createRun(page, {
    pipeline: "Taglines",
    name: "Corner bakery",
    prompt: "a bakery",
    defaultTopK: 2,
  });
  const done = new Set<string>();
  for (let step = await waitingStep(page, taglines); step; step = await waitingStep(page, taglines, done)) {
    await vote(page, taglines, step.position, 12);
    await ask(page, `mutation ($input: ApproveStepInput!) { approveStep(input: $input) { __typename } }`, {
      input: { stepId: step.id, topK: 2, comment: "The short ones." },
    });
    done.add(step.id);
  }
  const step = await waitingStep(page, posters);
  if (!step) throw new Error("The posters wait for nobody.");
  await vote(page, posters, step.position, 34);
  return { posters, step: step.id, taglines };
}

async function createRun(page: Page, input: object): Promise<string> {
  const { createRun } = await ask<{ createRun: { run: { id: string } } }>(
    page,
    `mutation ($input: CreateRunInput!) { createRun(input: $input) { ... on CreateRunSuccess { run { id } } } }`,
    { input },
  );
  return createRun.run.id;
}

/** The step that waits for a person, once one does that is not among those; undefined where the run is over. */
async function waitingStep(page: Page, id: string, not: ReadonlySet<string> = new Set()): Promise<Waiting | undefined> {
  for (;;) {
    const { run } = await ask<{ run: { status: string; steps: readonly Waiting[] } }>(
      page,
      `query ($id: ID!) { run(id: $id) { status steps { id position status } } }`,
      { id },
    );
    const step = run.steps.find((each) => each.status === "AWAITING_APPROVAL" && !not.has(each.id));
    if (step || run.status === "COMPLETED") return step;
    await page.waitForTimeout(500);
  }
}

interface Waiting {
  readonly id: string;
  readonly position: number;
  readonly status: string;
}

/** Judges pairs as somebody would who likes the older candidates better, and is not always sure. */
async function vote(page: Page, runId: string, position: number, votes: number): Promise<void> {
  for (let cast = 0; cast < votes; cast++) {
    const { run } = await ask<{ run: { steps: readonly { nextPair: Pair | null }[] } }>(
      page,
      `query ($id: ID!) { run(id: $id) { steps { nextPair { left { id createdAt } right { id createdAt } } } } }`,
      { id: runId },
    );
    const pair = run.steps[position - 1]?.nextPair;
    if (!pair) return;
    const leftFirst = pair.left.createdAt < pair.right.createdAt;
    const sure = cast % 5 !== 4;
    await ask(page, `mutation ($input: CastVoteInput!) { castVote(input: $input) { __typename } }`, {
      input: { leftId: pair.left.id, rightId: pair.right.id, outcome: leftFirst === sure ? "LEFT" : "RIGHT" },
    });
  }
}

interface Pair {
  readonly left: { readonly id: string; readonly createdAt: string };
  readonly right: { readonly id: string; readonly createdAt: string };
}

/** Runs an operation as the person who is signed in on the page. */
async function ask<T>(page: Page, query: string, variables: object = {}): Promise<T> {
  const response = await page.request.post(new URL("/graphql", link).href, { data: { query, variables } });
  const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

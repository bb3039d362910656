// Takes the pictures of the README from a running Sluice:
//   node packages/server/scripts/take-pictures.ts "$(npm run --silent sluice -- sign-in-link --name ada)"
// It creates a run of the example pipeline, votes in it, and writes docs/images/{run,vote,approval}.png.
import { fileURLToPath } from "node:url";
import chromiumPackage from "@sparticuz/chromium";
import { chromium, type Page } from "playwright-core";

const link = process.argv[2];
if (!link) throw new Error("Give a sign-in link: npm run sluice -- sign-in-link --name ada");
const images = new URL("../../../docs/images/", import.meta.url);

const browser = await chromium.launch({
  executablePath: await chromiumPackage.executablePath(),
  args: chromiumPackage.args,
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, reducedMotion: "reduce" });
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Runs", exact: true }).waitFor();

  const { createRun } = await ask<{ createRun: { run: { id: string } } }>(
    page,
    `mutation { createRun(input: { pipeline: "Posters", name: "Autumn fair", prompt: "autumn hills at sunset" }) {
       ... on CreateRunSuccess { run { id } } } }`,
  );
  const { id } = createRun.run;
  await page.goto(new URL(`/runs/${encodeURIComponent(id)}`, link).href);
  const step = page.getByRole("region", { name: /^Step 2:/ });
  await step.getByText("Awaiting Approval (9 candidates ready)").first().waitFor();
  const stepId = await vote(page, id, 34);
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: fileURLToPath(new URL("run.png", images)), fullPage: true });

  await step.getByRole("button", { name: "Approve Step 2" }).click();
  await page.getByRole("dialog").getByText("Will not advance").first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: fileURLToPath(new URL("approval.png", images)) });

  await page.goto(new URL(`/runs/${encodeURIComponent(id)}/steps/${encodeURIComponent(stepId)}/vote`, link).href);
  await page.locator('[aria-busy="false"]').first().waitFor();
  await page.screenshot({ path: fileURLToPath(new URL("vote.png", images)) });
} finally {
  await browser.close();
}

/** Judges pairs as somebody would who likes the older candidates better, and is not always sure. */
async function vote(page: Page, runId: string, votes: number): Promise<string> {
  let stepId = "";
  for (let cast = 0; cast < votes; cast++) {
    const { run } = await ask<{ run: { steps: Step[] } }>(
      page,
      `query ($id: ID!) { run(id: $id) { steps { id nextPair { left { id ordinal createdAt } right { id ordinal createdAt } } } } }`,
      { id: runId },
    );
    const step = run.steps[1];
    stepId = step?.id ?? "";
    const pair = step?.nextPair;
    if (!pair) break;
    const leftFirst = pair.left.createdAt < pair.right.createdAt;
    const sure = cast % 5 !== 4;
    await ask(page, `mutation ($input: CastVoteInput!) { castVote(input: $input) { __typename } }`, {
      input: { leftId: pair.left.id, rightId: pair.right.id, outcome: leftFirst === sure ? "LEFT" : "RIGHT" },
    });
  }
  return stepId;
}

interface Step {
  id: string;
  nextPair: { left: Shown; right: Shown } | null;
}

interface Shown {
  id: string;
  ordinal: number;
  createdAt: string;
}

/** Runs an operation as the person who is signed in on the page. */
async function ask<T>(page: Page, query: string, variables: object = {}): Promise<T> {
  const response = await page.request.post(new URL("/graphql", link).href, { data: { query, variables } });
  const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

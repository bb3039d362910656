import type { Page } from "playwright-core";
import type { BrowserKit } from "./browser-kit.ts";
import type { ApiRun } from "./spec-runs.ts";

/** Opens a run's gallery, with what is chosen there, and waits for its tiles. */
export async function openGallery(page: Page, kit: BrowserKit, run: ApiRun, search = ""): Promise<void> {
  await page.goto(`${kit.url}/runs/${encodeURIComponent(run.id)}/gallery${search}`);
  await page
    .getByRole("status")
    .filter({ hasText: /^\d+ of \d+ candidate/ })
    .waitFor();
}

/** "3 of 9 candidates". */
export async function untilCount(page: Page, words: string): Promise<void> {
  await page.getByRole("status").filter({ hasText: words }).waitFor();
}

/** A tile by the candidate's label. */
export function tile(page: Page, label: string) {
  return page.getByRole("gridcell", { name: new RegExp(`^Candidate ${label.replaceAll(".", "\\.")},`) });
}

/** The labels of the tiles, in the order in which they stand. */
export async function labels(page: Page): Promise<string[]> {
  const names = await page.getByRole("gridcell").evaluateAll((cells) => cells.map((cell) => cell.ariaLabel ?? ""));
  return names.map((name) => /^Candidate ([\d.]+),/.exec(name)?.[1] ?? name);
}

/** Adds candidates to a step as if they had been made, the oldest first. */
export async function addCandidates(kit: BrowserKit, run: ApiRun, position: number, count: number): Promise<void> {
  await kit.db.query(
    `INSERT INTO candidates (pipeline_run_id, pipeline_run_step_id, ordinal, text, elo, vote_count, generator)
     SELECT rs.pipeline_run_id, rs.id, 100 + n, 'Line ' || n, 1000 + n % 97, n % 11, 'grammar'
     FROM pipeline_run_steps rs, generate_series(1, $3) AS n
     WHERE rs.pipeline_run_id = $1 AND rs.position = $2`,
    [run.number, position, count],
  );
}

import type { Page } from "playwright-core";
import type { BrowserKit } from "./browser-kit.ts";
import { type ApiRun, stepOf } from "./spec-runs.ts";

/** Opens the voting page of a step and waits until the first pair can be judged. */
export async function openVoting(page: Page, kit: BrowserKit, run: ApiRun, position = 1): Promise<void> {
  const { id } = await stepOf(kit, run, position);
  await page.goto(`${kit.url}/runs/${encodeURIComponent(run.id)}/steps/${encodeURIComponent(id)}/vote`);
  await untilReady(page);
}

/** Both candidates are on the screen, and the page takes a vote on them. */
export async function untilReady(page: Page): Promise<void> {
  await page.locator('[aria-busy="false"]').getByRole("region", { name: "Left" }).waitFor();
}

/** Those behind the pair on the screen, loaded and ready. */
export async function untilPrepared(page: Page, pairs = 1): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll("[data-prepared]")].filter(
        (each) => each.querySelectorAll('[data-state="ready"]').length === 2,
      ).length >= wanted,
    pairs,
  );
}

/** What tells the pair on the screen from others: both texts, or both pictures' addresses. */
export async function pairOn(page: Page): Promise<string> {
  const sides = page.getByRole("region", { name: /^(Left|Right)$/ });
  return (await sides.evaluateAll((all) => all.map((side) => side.querySelector("img")?.src ?? side.textContent))).join(
    " | ",
  );
}

interface CountedVote {
  readonly outcome: string;
  readonly left: string;
  readonly right: string;
}

/** The votes of a step that count, oldest first. */
export async function countedVotes(kit: BrowserKit, run: ApiRun, position = 1): Promise<CountedVote[]> {
  return await kit.db.many<CountedVote>(
    `SELECT v.outcome::text, l.text AS left, r.text AS right
     FROM votes v JOIN pipeline_run_steps rs ON rs.id = v.pipeline_run_step_id
     JOIN candidates l ON l.id = v.left_id JOIN candidates r ON r.id = v.right_id
     WHERE rs.pipeline_run_id = $1 AND rs.position = $2 AND v.revoked_at IS NULL ORDER BY v.id`,
    [run.number, position],
  );
}

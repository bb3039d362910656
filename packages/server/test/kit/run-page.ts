import type { Page } from "playwright-core";
import type { BrowserKit } from "./browser-kit.ts";
import { type ApiRun, createRun, untilStep } from "./spec-runs.ts";

/** A run of short lines whose first step has its candidates and waits for a person. */
export async function waitingRun(kit: BrowserKit, candidates: number): Promise<ApiRun> {
  const run = await createRun(kit, "Taglines", {
    maxChildrenPerNode: candidates,
    defaultTopK: 2,
    reviewFirstStep: true,
  });
  await untilStep(kit, run, 1, "AWAITING_APPROVAL");
  return run;
}

export async function openRun(page: Page, kit: BrowserKit, run: ApiRun): Promise<void> {
  await page.goto(`${kit.url}/runs/${encodeURIComponent(run.id)}`);
  await stepRegion(page, 1).waitFor();
}

export function stepRegion(page: Page, position: number) {
  return page.getByRole("region", { name: new RegExp(`^Step ${position}:`) });
}

/** Opens the decision about the first step and waits until its ranking is there. */
export async function openApproval(page: Page) {
  await page.getByRole("button", { name: "Approve Step 1" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("list", { name: "Candidates by Elo" }).waitFor();
  return dialog;
}

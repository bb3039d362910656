import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { waitingRun } from "../kit/run-page.ts";
import { type ApiRun, mutate, stepOf } from "../kit/spec-runs.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

async function approve(run: ApiRun, comment: string): Promise<void> {
  const { id: stepId } = await stepOf(kit, run, 1);
  expect(await mutate(kit, "approveStep", { stepId, topK: 2, comment })).toMatchObject({
    __typename: "ApproveStepSuccess",
  });
}

describe("the records", () => {
  it("list what was decided, by run too, export it, and show how long it took", async () => {
    const [one, other] = [await waitingRun(kit, 2), await waitingRun(kit, 2)];
    await approve(one, "the first is warm");
    const ada = await kit.window("ada");
    await ada.getByRole("button", { name: "Your account" }).click();
    await ada.getByRole("menuitem", { name: "Records" }).click();
    const decisions = ada.getByRole("list", { name: "Decisions" });
    await decisions.getByText("“the first is warm”").waitFor();
    await decisions.getByText("ada (owner), through the API").waitFor();
    // What is decided meanwhile appears by itself.
    await approve(other, "so is this");
    await decisions.getByText("“so is this”").waitFor();

    // Not everything that is recorded is about a gate: a budget is looked for on return.
    await mutate(kit, "setRunBudget", { runId: other.id, maxJobs: 500 });
    await ada.evaluate(() => void window.dispatchEvent(new Event("focus")));
    await decisions.getByText("Attempts: no limit → 500.").waitFor();

    await ada.getByRole("combobox", { name: "Run" }).click();
    await ada.getByRole("option", { name: `#${one.number}:` }).click();
    await decisions.getByText("“so is this”").waitFor({ state: "detached" });
    await decisions.getByText("“the first is warm”").waitFor();
    const [file] = await Promise.all([ada.waitForEvent("download"), ada.getByRole("link", { name: "CSV" }).click()]);
    const csv = await readFile(await file.path(), "utf8");
    expect(csv).toContain("the first is warm");
    expect(csv).not.toContain("so is this");

    await ada.getByRole("link", { name: "Waiting times" }).click();
    const people = ada.getByRole("table", { name: "By person" });
    await people.getByRole("cell", { name: "ada" }).waitFor();
    expect(await people.getByRole("cell").nth(1).textContent()).toBe("2");
  }, 180_000);

  it("say whether they are whole, and which entry is not", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/records`);
    await ada.getByRole("button", { name: "Check" }).click();
    await ada.getByText("The record is whole").waitFor();
    await ada.getByLabel("An end that you kept").fill("nonsense");
    await ada.getByRole("button", { name: "Check" }).click();
    await ada.getByText("The expected head is to be a place and a hash").waitFor();
    await ada.getByLabel("An end that you kept").fill("");

    await kit.db.query(`ALTER TABLE audit_entries DISABLE TRIGGER USER`);
    await kit.db.query(`UPDATE audit_entries SET entry = replace(entry, 'warm', 'cold') WHERE id = 1`);
    await ada.getByRole("button", { name: "Check" }).click();
    await ada.getByText("Something is wrong at entry 1").waitFor();

    const grace = await kit.window("grace", { role: "VIEWER" });
    await grace.goto(`${kit.url}/records`);
    await grace.getByText("Checking: this takes an approver.").waitFor();
    expect(await grace.getByRole("button", { name: "Check" }).count()).toBe(0);
  }, 120_000);
});

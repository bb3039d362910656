import { readFile, writeFile } from "node:fs/promises";
import { type OpenAiServer, openAiServer } from "@sluice/generators/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { exampleFile, type OperatorsFile } from "../kit/operators-file.ts";
import { stepRegion } from "../kit/run-page.ts";

const stack = new AsyncDisposableStack();
let model: OpenAiServer;
let file: OperatorsFile;
let kit: BrowserKit;
beforeAll(async () => {
  model = stack.use(await openAiServer({ models: ["llama3.2"] }));
  file = stack.use(await exampleFile("brief-to-text.yaml", { "http://127.0.0.1:11434/v1": model.url }));
  kit = stack.use(await browserKit({ pipelinesFile: file.path }));
});
afterAll(() => stack.disposeAsync());

describe("an editor's pipeline, from the dashboard alone", () => {
  it("A3: brief → draft seen while it is written → approval with a comment → polish, which is told the draft and the comment", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/new?pipeline=brief-to-text`);
    await ada.getByLabel("Prompt").fill("A notice for the ferry's winter timetable");
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const draft = ["The ferry sails ", "at eight ", "and at noon."];
    model.next({
      text: draft,
      pace: async (sent) => await [first, second][sent - 1]?.promise,
      usage: { input: 210, output: 30 },
    });
    await ada.getByRole("button", { name: "Start run" }).click();
    await ada.waitForURL(/\/runs\/(?!new)[^/]+$/);

    // The text is there as far as it is written, and nothing more.
    const soFar = stepRegion(ada, 1).getByRole("region", { name: "Text of candidate 1 so far" });
    await soFar.getByText("The ferry sails", { exact: true }).waitFor();
    first.resolve();
    await soFar.getByText("The ferry sails at eight", { exact: true }).waitFor();
    second.resolve();

    // The editor reads the whole draft where they decide, and says what is missing.
    model.next({ text: ["From 1 November the ferry sails ", "at eight and at noon."] });
    await ada.getByRole("button", { name: "Approve Step 2" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByText("The ferry sails at eight and at noon.").waitFor();
    await dialog.getByLabel("Comment").fill("Say from which day on");
    await dialog.getByRole("button", { name: /^Approve/ }).click();
    await dialog.waitFor({ state: "detached" });

    const winners = ada.getByRole("region", { name: "Winners" });
    await winners.getByText("From 1 November the ferry sails at eight and at noon.").waitFor();
    await stepRegion(ada, 2).getByText("“Say from which day on”").waitFor();
    const [told, retold] = [await model.request(1), await model.request(2)].map((request) => request.told);
    expect(told).toContain("A notice for the ferry's winter timetable");
    expect(retold).toContain("The ferry sails at eight and at noon.");
    expect(retold).toContain("Say from which day on");
    expect(model.requests).toHaveLength(2);

    await stepRegion(ada, 1)
      .getByRole("button", { name: /^View candidate 1 large/ })
      .click();
    const details = ada.getByRole("dialog").getByRole("region", { name: "Details" });
    await details.getByText("my-model").waitFor();
    await details.getByText("210 read, 30 written").waitFor();
    expect(kit.pageErrors).toEqual([]);
    expect(kit.logged).toEqual([]);
  }, 180_000);

  it("A3: a rejected draft ends the run, and its comment stays with it", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/runs/new?pipeline=brief-to-text`);
    await ada.getByLabel("Prompt").fill("A poem nobody wants");
    const asked = model.requests.length;
    await ada.getByRole("button", { name: "Start run" }).click();
    await ada.getByRole("button", { name: "Approve Step 2" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByRole("button", { name: /^Reject/ }).click();
    await dialog.getByLabel("Why (optional)").fill("There is no poem in this house");
    await dialog.getByRole("button", { name: /^Reject/ }).click();
    await dialog.waitFor({ state: "detached" });
    await stepRegion(ada, 2).getByText("“There is no poem in this house”").waitFor();
    await ada.getByText("Rejected", { exact: true }).first().waitFor();
    expect(model.requests.length - asked).toBe(1);
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);

  it("says on the page of generators whether the model can be reached, and which line of the operator's file is wrong", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/settings/generators`);
    const row = ada.getByRole("list", { name: "Generators" }).getByRole("listitem").filter({ hasText: "my-model" });
    await row.getByText("Ready", { exact: true }).waitFor();
    await ada.getByText("brief-to-text.yaml").waitFor();

    // A mistake is shown without a reload, changes nothing, and goes with its correction.
    const right = await readFile(file.path, "utf8");
    const line = right.split("\n").indexOf("    kind: ai") + 1;
    await writeFile(file.path, right.replace("kind: ai", "kind: ia"));
    const alert = ada.getByRole("alert").filter({ hasText: `brief-to-text.yaml, line ${line}: not in force` });
    await alert.getByText(/Did you mean "ai"/).waitFor();
    await row.getByText("Ready", { exact: true }).waitFor();
    await writeFile(file.path, right);
    await alert.waitFor({ state: "detached" });
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});

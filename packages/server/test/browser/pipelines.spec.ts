import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { stepRegion } from "../kit/run-page.ts";
import { applyPipeline } from "../kit/spec-runs.ts";

let kit: BrowserKit;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-pipelines-"));
  const file = join(folder, "ours.yaml");
  await writeFile(file, `pipelines: [{ name: Filed, steps: [${STEP}] }]`);
  kit = await browserKit({ pipelinesFile: file });
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const STEP = "{ name: Write, type: generate, generator: grammar, gate: auto }";

const yamlOf = (page: Page) => page.getByRole("textbox", { name: "Pipeline as YAML" });
const check = (page: Page) => page.getByRole("status", { name: "Check" });
const stepCard = (page: Page, position: number) =>
  page
    .getByRole("list", { name: "Steps" })
    .getByRole("listitem")
    .nth(position - 1);
const versionsOf = (name: string) =>
  kit.db.many<{ version: number }>(`SELECT version FROM pipelines WHERE name = $1 ORDER BY version`, [name]);

async function edit(page: Page, name: string): Promise<void> {
  await page.goto(`${kit.url}/pipelines/${encodeURIComponent(name)}/edit`);
  await check(page).getByText("It can be applied as it is.").waitFor();
}

async function writtenIn(page: Page): Promise<string> {
  return (await yamlOf(page).locator(".cm-line").allTextContents()).join("\n");
}

/** Replaces all of the text, as somebody who pastes does. */
async function writeYaml(page: Page, text: string): Promise<void> {
  await yamlOf(page).fill(text);
}

describe("the pipeline editor", () => {
  it("shows an error at its line while one writes, then applies version 2, and a run of it starts", async () => {
    await applyPipeline(kit, "Lines", [STEP]);
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/pipelines`);
    await ada.getByRole("link", { name: "Lines", exact: true }).click();
    await ada.getByRole("link", { name: "Edit" }).click();
    await check(ada).getByText("It can be applied as it is.").waitFor();

    const good = [
      "# Ours",
      "pipelines:",
      "  - name: Lines",
      "    steps:",
      "      - name: Draft",
      "        type: generate",
      "        generator: grammar",
      "        n: 2",
      "        gate: auto",
    ].join("\n");
    await writeYaml(ada, good.replace("generator: grammar", "generator: gramar"));
    await check(ada)
      .getByRole("button", { name: /^Line 7: .*Did you mean "grammar"\?/ })
      .waitFor();
    expect(await ada.locator(".cm-lintRange-error").allTextContents()).toEqual(["gramar"]);
    expect(await ada.locator(".cm-lint-marker-error").count()).toBe(1);
    // Apply goes to the problem instead of failing, and so does the list.
    await ada.getByRole("button", { name: "Apply" }).click();
    await expect.poll(() => ada.locator(".cm-activeLine").textContent()).toContain("gramar");
    expect(await versionsOf("Lines")).toHaveLength(1);

    await writeYaml(ada, good);
    await check(ada).getByText("It can be applied as it is.").waitFor();
    await ada.getByRole("button", { name: "Apply" }).click();
    await ada.getByText("Lines has version 2 now.").waitFor();
    await ada.getByText("version 2", { exact: true }).waitFor();
    await ada.getByRole("region", { name: "Versions" }).getByText("Version 1").waitFor();

    await ada.getByRole("link", { name: "Start a run", exact: true }).click();
    await ada.getByText(/the gate opens by itself · N 2/).waitFor();
    await ada.getByLabel("Prompt").fill("a bakery");
    await ada.getByRole("button", { name: "Start run" }).click();
    await stepRegion(ada, 1).getByText("Draft").first().waitFor();
    await expect.poll(() => stepRegion(ada, 1).getByRole("article").count()).toBe(2);
  }, 120_000);

  it("keeps comments when the form changes the document, by keyboard too", async () => {
    await applyPipeline(kit, "Formed", [STEP, "{ name: Again, type: generate, generator: grammar }"]);
    const ada = await kit.window("ada");
    await edit(ada, "Formed");
    const text = await writtenIn(ada);
    await writeYaml(ada, `# Kept by hand\n${text}`);
    await ada.getByLabel("Description").first().fill("For the shop");
    await ada.getByRole("button", { name: "Add an approval" }).click();
    await stepCard(ada, 3).getByLabel("What to look at").fill("An editor looks");
    await stepCard(ada, 1).getByRole("button", { name: "Move step 1, Write, down" }).focus();
    await ada.keyboard.press("Enter");
    // The focus goes with the step.
    await expect.poll(() => focusedName(ada)).toBe("Move step 2, Write, down");
    await ada.keyboard.press("Alt+ArrowUp");
    await expect.poll(() => focusedName(ada)).toMatch(/^Move step 1, Write/);
    await check(ada).getByText("It can be applied as it is.").waitFor();
    const written = await writtenIn(ada);
    for (const words of ["# Kept by hand", "For the shop", "An editor looks"]) expect(written).toContain(words);

    await ada.getByRole("button", { name: "Apply" }).click();
    await ada.getByText("Formed has version 2 now.").waitFor();
    await ada.getByText("An editor looks").waitFor();
  }, 120_000);

  it("keeps what is written over a reload, and asks before somebody leaves it", async () => {
    await applyPipeline(kit, "Kept", [STEP]);
    const ada = await kit.window("ada");
    ada.on("dialog", (dialog) => void dialog.accept());
    await edit(ada, "Kept");
    await ada.getByLabel("Description").first().fill("Not applied yet");
    await ada.reload();
    await expect.poll(() => ada.getByLabel("Description").first().inputValue()).toBe("Not applied yet");

    await ada.getByRole("link", { name: "Runs", exact: true }).click();
    const asked = ada.getByRole("dialog", { name: "Your changes are not applied" });
    await asked.getByRole("button", { name: "Go on editing" }).click();
    await expect.poll(() => asked.count()).toBe(0);
    await ada.getByRole("link", { name: "Runs", exact: true }).click();
    await asked.getByRole("button", { name: "Discard them" }).click();
    await ada.getByRole("heading", { name: "Runs", exact: true }).waitFor();
    await edit(ada, "Kept");
    expect(await ada.getByLabel("Description").first().inputValue()).toBe("");
  }, 120_000);

  it("shows another person's newer version, and replaces nothing without a word", async () => {
    await applyPipeline(kit, "Shared", [STEP]);
    const ada = await kit.window("ada");
    const bob = await kit.window("bob");
    await Promise.all([edit(ada, "Shared"), edit(bob, "Shared")]);
    await ada.getByLabel("Description").first().fill("Ada's words");
    await bob.getByLabel("Description").first().fill("Bob's words");
    await bob.getByRole("button", { name: "Apply" }).click();
    await bob.getByText("Shared has version 2 now.").waitFor();

    await ada.getByRole("button", { name: "Apply" }).click();
    await ada.getByText('Version 2 of "Shared" is newer than version 1').waitFor();
    const told = ada.getByRole("alert").filter({ hasText: "Version 2 is there now" });
    await told.waitFor();
    expect(await ada.getByLabel("Description").first().inputValue()).toBe("Ada's words");
    expect(await versionsOf("Shared")).toHaveLength(2);
    await told.getByRole("button", { name: "Keep mine, to apply over it" }).click();
    await ada.getByRole("button", { name: "Apply" }).click();
    await ada.getByText("Shared has version 3 now.").waitFor();
  }, 120_000);
});

it("shows a viewer how a pipeline is written, and changes nothing for them", async () => {
  await applyPipeline(kit, "Seen", [STEP]);
  const vera = await kit.window("vera", { role: "VIEWER" });
  await vera.goto(`${kit.url}/pipelines/Seen`);
  await vera.getByRole("link", { name: "Show as YAML" }).click();
  await vera.getByText("You cannot change pipelines").waitFor();
  expect(await yamlOf(vera).getAttribute("aria-readonly")).toBe("true");
  expect(await vera.getByRole("button", { name: "Apply" }).count()).toBe(0);
  expect(await vera.getByLabel("Description").first().isDisabled()).toBe(true);
}, 120_000);

it("leaves a pipeline of the operator's file to that file, and copies it", async () => {
  const ada = await kit.window("ada");
  await ada.goto(`${kit.url}/pipelines/Filed/edit`);
  await ada.getByText("This pipeline is part of ours.yaml.").waitFor();
  expect(await yamlOf(ada).getAttribute("aria-readonly")).toBe("true");
  await ada.getByRole("link", { name: "Make a copy" }).click();
  await expect.poll(() => ada.getByRole("textbox", { name: "Name", exact: true }).inputValue()).toBe("Filed copy");
  await ada.getByRole("button", { name: "Apply" }).click();
  await ada.getByText("Filed copy has version 1 now.").waitFor();
  // A name that is taken is no way to replace what somebody else made.
  await ada.goto(`${kit.url}/pipelines/new`);
  await ada.getByRole("textbox", { name: "Name", exact: true }).fill("Filed copy");
  await ada.getByRole("button", { name: "Apply" }).click();
  await ada.getByText('There is a pipeline named "Filed copy" already.').waitFor();
}, 120_000);

it("has room on a phone: nothing is wider than the screen", async () => {
  const ada = await kit.window("ada");
  await ada.setViewportSize({ width: 390, height: 800 });
  const shown = {
    "/pipelines": ada.getByRole("link", { name: "Posters", exact: true }),
    "/pipelines/Posters": ada.getByRole("region", { name: "Steps" }),
    "/pipelines/Posters/edit": stepCard(ada, 4),
    "/pipelines/new": stepCard(ada, 2),
    "/runs/new": ada.getByRole("button", { name: "Start run" }),
  };
  for (const [path, sign] of Object.entries(shown)) {
    await ada.goto(`${kit.url}${path}`);
    await sign.waitFor();
    const { wide, screen } = await widthOf(ada);
    expect(wide, path).toBeLessThanOrEqual(screen);
  }
  await ada.goto(`${kit.url}/pipelines/Posters/edit`);
  await ada.getByText("YAML", { exact: true }).click();
  await yamlOf(ada).waitFor();
  const { wide, screen } = await widthOf(ada);
  expect(wide).toBeLessThanOrEqual(screen);
}, 120_000);

async function widthOf(page: Page): Promise<{ wide: number; screen: number }> {
  return await page.evaluate("({ wide: document.documentElement.scrollWidth, screen: innerWidth })");
}

async function focusedName(page: Page): Promise<string | null> {
  return await page.evaluate(`document.activeElement?.getAttribute("aria-label")`);
}

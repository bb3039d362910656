import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ComfyServer, type OpenAiServer, openAiServer, startComfyServer } from "@sluice/generators/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { approve, createRun, stepOf, until, untilStep } from "./kit/spec-runs.ts";

// The guide's own words: what a newcomer copies is what runs here, with the addresses of stand-ins.
const docs = fileURLToPath(new URL("../../../docs", import.meta.url));

const stack = new AsyncDisposableStack();
let model: OpenAiServer;
let comfy: ComfyServer;
let file: string;
let blocks: string[];
let kit: ServerKit;
beforeAll(async () => {
  model = stack.use(await openAiServer({ models: ["llama3.2"] }));
  comfy = stack.use(await startComfyServer());
  const folder = await mkdtemp(join(tmpdir(), "sluice-guide-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const guide = await readFile(join(docs, "generators/first-model.md"), "utf8");
  blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = ""]) =>
    yaml.replaceAll("http://127.0.0.1:11434/v1", model.url).replaceAll("http://127.0.0.1:8188", comfy.url),
  );
  await copyFile(join(docs, "examples/portrait.json"), join(folder, "portrait.json"));
  file = join(folder, "pipelines.yaml");
  await writeFile(file, blocks[0] ?? "");
  kit = stack.use(await serverKit({ worker: true, pipelinesFile: file }));
});
afterAll(() => stack.disposeAsync());

it("the guide's first file drafts, asks an editor and polishes", async () => {
  const run = await createRun(kit, "Notice");
  await untilStep(kit, run, 2, "AWAITING_APPROVAL");
  await approve(kit, run, 2, { comment: "Name the first day" });
  await untilStep(kit, run, 3, "APPROVED");
  expect(model.requests.at(-1)?.told).toContain("Name the first day");
}, 120_000);

it("the guide's second file is taken up while Sluice runs, and paints what the model described", async () => {
  await writeFile(file, blocks.at(-1) ?? "");
  await expect
    .poll(async () => {
      const { generators } = await kit.graphql<{ generators: { name: string; health: { ok: boolean } }[] }>(
        `{ generators { name health { ok } } }`,
      );
      return generators.filter(({ health }) => health.ok).map(({ name }) => name);
    })
    .toEqual(expect.arrayContaining(["my-model", "comfy"]));

  const run = await createRun(kit, "Portraits");
  await untilStep(kit, run, 1, "AWAITING_APPROVAL");
  await approve(kit, run, 1, { topK: 1 });
  await untilStep(kit, run, 2, "AWAITING_APPROVAL");
  expect((await stepOf(kit, run, 2)).candidateCount).toBe(3);
  expect(comfy.submitted).toHaveLength(3);
  expect(JSON.stringify(comfy.submitted[0]?.graph)).toContain("It rains.");
  await approve(kit, run, 2, { topK: 1 });
  await until(kit, run, async () => (await stepOf(kit, run, 2)).status === "APPROVED");
}, 120_000);

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { applyPipeline, createRun } from "./kit/spec-runs.ts";

let kit: ServerKit;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-use-"));
  const file = join(folder, "pipelines.yaml");
  await writeFile(file, `pipelines: [{ name: Filed, steps: [${STEP}] }]`);
  kit = await serverKit({ pipelinesFile: file });
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const STEP = "{ type: generate, name: Write, generator: grammar, gate: auto }";

interface Use {
  readonly version: number;
  readonly fromOperatorFile: boolean;
  readonly runCount: number;
  readonly lastRun: { readonly id: string } | null;
  readonly versions: readonly { readonly version: number; readonly createdAt: string }[];
}

const useOf = async (name: string): Promise<Use> =>
  (
    await kit.graphql<{ pipeline: Use }>(
      `query ($name: String!) { pipeline(name: $name) {
         version fromOperatorFile runCount lastRun { id } versions { version createdAt } } }`,
      { name },
    )
  ).pipeline;

it("tells where a pipeline comes from, its versions, and the runs of all of them", async () => {
  await applyPipeline(kit, "Sent", [STEP]);
  expect(await useOf("Sent")).toMatchObject({ version: 1, fromOperatorFile: false, runCount: 0, lastRun: null });
  expect(await useOf("Filed")).toMatchObject({ version: 1, fromOperatorFile: true });

  await createRun(kit, "Sent");
  await applyPipeline(kit, "Sent", [STEP, "{ type: approval }"]);
  const { id } = await createRun(kit, "Sent");
  const use = await useOf("Sent");
  expect(use).toMatchObject({ version: 2, runCount: 2, lastRun: { id } });
  expect(use.versions.map(({ version }) => version)).toEqual([2, 1]);
});

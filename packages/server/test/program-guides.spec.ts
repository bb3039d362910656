import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { operatorKinds } from "@sluice/generators";
import { schema } from "@sluice/schema";
import { parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pipelinesCommand } from "../src/setup/pipelines-command.ts";
import { serverKit } from "./kit/server-kit.ts";
import { createRun, untilStep } from "./kit/spec-runs.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-guides-"));
});
afterAll(() => rm(folder, { recursive: true }));

const guide = (name: string) => readFile(new URL(`../../../docs/generators/${name}.md`, import.meta.url), "utf8");
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);

describe.each(["command", "http", "workers"])("docs/generators/%s.md", (name) => {
  it("has an operator's file that is right as it is written", async () => {
    const [document = ""] = blocks(await guide(name), "yaml");
    const file = join(folder, `${name}.yaml`);
    await writeFile(file, document);
    const environment = { STUDIO_SECRET: Buffer.alloc(32, 1).toString("base64") };
    const { ok, text } = await pipelinesCommand(["check", file], { kinds: operatorKinds, environment });
    expect([ok, text]).toEqual([true, expect.stringContaining("pipeline")]);
  });

  it("has operations that the API knows", async () => {
    const operations = blocks(await guide(name), "graphql");
    expect(operations.flatMap((operation) => validate(schema, parse(operation)))).toEqual([]);
  });
});

// What a newcomer copies is what runs here.
describe("the scripts of the guides, as they are written,", () => {
  const SECRET = Buffer.alloc(32, 1).toString("base64");

  /** A folder with the guide's operator's file, and its script beside it. */
  async function copied(name: string, script: string, change: (yaml: string) => string = (yaml) => yaml) {
    const own = await mkdtemp(join(folder, "own-"));
    const text = await guide(name);
    const file = join(own, "pipelines.yaml");
    await writeFile(file, change(blocks(text, "yaml")[0] ?? ""));
    await writeFile(join(own, script), blocks(text, "python")[0] ?? "");
    return { file, script: join(own, script) };
  }

  async function picturesOf(pipeline: string, file: string) {
    await using kit = await serverKit({ worker: true, pipelinesFile: file, environment: { STUDIO_SECRET: SECRET } });
    const run = await createRun(kit, pipeline);
    await untilStep(kit, run, 1, "AWAITING_APPROVAL");
    return await kit.db.many(
      `SELECT DISTINCT a.media_type AS type, a.width FROM candidate_assets ca JOIN assets a ON a.sha256 = ca.sha256`,
    );
  }

  it("render.py makes the pictures of a run", async () => {
    const { file } = await copied("command", "render.py");
    expect(await picturesOf("rendered", file)).toEqual([{ type: "image/png", width: 256 }]);
  }, 120_000);

  it("studio.py answers with the pictures of a run, and refuses what Sluice has not signed", async () => {
    const { script } = await copied("http", "studio.py");
    const studio = spawn("python3", [script], { env: { ...process.env, STUDIO_SECRET: SECRET, PORT: "0" } });
    try {
      const url = await addressOf(studio);
      const { file } = await copied("http", "studio.py", (yaml) => yaml.replace("http://127.0.0.1:8000", url));
      expect(await picturesOf("from-the-studio", file)).toEqual([{ type: "image/png", width: 64 }]);
      expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(401);
    } finally {
      const exit = once(studio, "exit");
      studio.kill("SIGKILL");
      await exit;
    }
  }, 120_000);

  /** What the service says that it listens at. */
  async function addressOf(service: ChildProcess): Promise<string> {
    service.stderr?.resume();
    for await (const line of createInterface({ input: service.stdout! })) {
      const [, url] = /^listening at (.*)$/.exec(line) ?? [];
      if (url !== undefined) return url;
    }
    throw new Error("The service has ended without saying where it listens.");
  }
});

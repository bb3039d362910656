import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { processEnvironment } from "./kit/process-environment.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-check-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as an operator does, with no database anywhere. */
function sluice(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, "pipelines", ...args],
      { cwd: folder, env: processEnvironment({ API_KEY: "s3cret-value" }) },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

async function check(text: string, ...more: string[]): Promise<Ended> {
  await writeFile(join(folder, "pipelines.yaml"), text);
  return await sluice("check", "pipelines.yaml", ...more);
}

const PIPELINE = "pipelines: [{ name: p, steps: [{ type: generate, name: Say, generator: say }, { type: approval }] }]";
const say = (command: string) =>
  `generators: [{ name: say, kind: command, command: [${command}], env: { KEY: "$` +
  `{API_KEY}" } }]\nagents: [{ name: speaker, generator: say }]\n`;

describe("sluice pipelines", { timeout: 60_000 }, () => {
  it("check: tells what is in a file that is right", async () => {
    expect(await check(say("echo, hello") + PIPELINE)).toEqual({
      code: 0,
      out: [
        "pipelines.yaml is right: 1 pipeline, 1 agent, 1 generator.",
        "  pipeline p: 2 steps",
        "  generator say: command",
        "",
      ].join("\n"),
      err: "",
    });
  });

  it("check: ends with 1, file, line, path and what to do for one that is wrong", async () => {
    const { code, out, err } = await check(
      `${say("echo, hello")}pipelines: [{ name: p, steps: [{ agent: speeker }] }]`,
    );
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toBe(
      `${join(folder, "pipelines.yaml")}:3, pipelines[0].steps[0].agent: There is no agent named "speeker". Did you mean "speaker"?\n`,
    );
  });

  it("check: names the agent and the generator that do not go together, as they are written", async () => {
    const { code, err } = await check(
      "agents: [{ name: painter, generator: cppn, default_model: m }]\npipelines: [{ name: p, steps: [{ agent: painter }] }]",
    );
    expect(code).toBe(1);
    expect(err).toContain('The agent "painter" cannot work with the generator "cppn", which takes no instructions.');
    expect(err).toContain("pipelines[0].steps[0].agent");
  });

  it("check: warns of a workflow without a seed where a step makes several pictures with it", async () => {
    await writeFile(join(folder, "draw.json"), JSON.stringify({ 9: { class_type: "SaveImage", inputs: { seed: 1 } } }));
    const document = (n: number, bindings: string) => `generators:
  - name: comfy
    kind: comfyui
    url: "http://127.0.0.1:8188"
    workflows: { draw: { file: draw.json, bindings: ${bindings} } }
pipelines: [{ name: p, steps: [{ type: generate, name: Draw, generator: comfy, config: { workflow: draw }, n: ${n} }] }]`;
    const { code, out } = await check(document(3, "{}"));
    expect(code).toBe(0);
    expect(out).toContain(
      'warning  pipeline p, step 1 (Draw): The workflow "draw" has no slot for the seed, so that its 3 candidates come out alike. Bind "seed", or set n: 1.',
    );
    expect((await check(document(1, "{}"))).out).not.toContain("warning");
    expect((await check(document(3, '{ seed: { node: "9", input: seed } }'))).out).not.toContain("warning");
  });

  it("check --connect: says of each generator whether what it needs is there", async () => {
    const good = await check(say("echo, hello") + PIPELINE, "--connect");
    expect(good.code).toBe(0);
    expect(good.out).toMatch(/^ok {2}say: /m);
    const bad = await check(say("no-such-program-anywhere") + PIPELINE, "--connect");
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/^NOT READY {2}say: .*no-such-program-anywhere/m);
  });

  it("check: says that a file is not there, and what to type", async () => {
    expect(await sluice("check", "nowhere.yaml")).toMatchObject({
      code: 1,
      err: expect.stringContaining("nowhere.yaml is not there."),
    });
    expect(await sluice("check")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Say which file to check\.[\s\S]*pipelines check FILE/),
    });
    expect(await sluice("chek", "x")).toMatchObject({ code: 1, err: expect.stringContaining("check or schema") });
  });

  it("schema: prints the JSON Schema", async () => {
    const { code, out } = await sluice("schema");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#", type: "object" });
  });
});

import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SetupError } from "@sluice/db";
import { defineKind, type GeneratorKind, GeneratorSettingsError } from "@sluice/engine";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { openRegistry } from "./open-registry.ts";

let folder: string;
let file: string;
const stack: AsyncDisposable[] = [];
const lines: { level: number; msg: string }[] = [];
const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(JSON.parse(line)) });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-registry-"));
  file = join(folder, "pipelines.yaml");
  lines.length = 0;
});
afterEach(async () => {
  for (const started of stack.splice(0)) await started[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A generator whose look finds `health`; "broken" is refused when it is made. */
const kind: GeneratorKind = defineKind({
  kind: "thing",
  description: "For tests.",
  settings: z.strictObject({ health: z.string().describe("What a look finds.") }),
  create(name, { health }, context) {
    if (health === "broken") throw new GeneratorSettingsError(`There is no ${context.folder}/thing.json.`, ["health"]);
    return {
      name,
      media: "image",
      concurrency: 2,
      checkConfig: () => undefined,
      check: async () => ({ ok: health === "fine", detail: `It is ${health}.` }),
      generate: () => Promise.reject(new Error("unused")),
    };
  },
});

const open = (path: string | undefined = file) =>
  openRegistry({
    file: path,
    builtin: [],
    kinds: [kind],
    origin: () => "http://127.0.0.1:4000",
    environment: { SECRET: "a-very-secret-word" },
  });
const thing = (name: string, health = "fine", pipeline = "p") =>
  `generators: [{ name: ${name}, kind: thing, health: "${health}" }]\npipelines: [{ name: ${pipeline}, steps: [{ type: generate, name: A, generator: ${name} }] }]\n`;

describe("the registry of an operator's file", () => {
  it("has nothing but the built-in generators where there is no file", async () => {
    const registry = await openRegistry({ file: undefined, builtin: [], kinds: [], origin: () => "", environment: {} });
    stack.push(registry.follow({ log }));
    expect([...registry.generators()]).toEqual([]);
    expect(registry.file()).toBeNull();
  });

  it("refuses to open on a file that is wrong, or not there", async () => {
    await expect(open()).rejects.toThrow(new SetupError(`${file}: pipelines.yaml is not there.`));
    await writeFile(file, thing("a", "broken"));
    await expect(open()).rejects.toThrow(
      new SetupError(`${file}:1, generators[0].health: There is no ${folder}/thing.json.`),
    );
  });

  it("says in the log which generators are not ready, without what the environment holds", async () => {
    await writeFile(file, thing("a", `out of $` + `{SECRET}`));
    const registry = await open();
    stack.push(registry.follow({ log }));
    await expect
      .poll(() => lines.map(({ msg }) => msg))
      .toContain('The generator "a" is not ready. It is out of $' + "{SECRET}.");
    expect(await registry.check("a")).toMatchObject({ ok: false, detail: "It is out of $" + "{SECRET}." });
    expect(await registry.check("b")).toMatchObject({ ok: false, detail: 'There is no generator named "b" here.' });
  });

  it("follows a file that is a link into a folder which is replaced, as with mounted configuration", async () => {
    for (const version of ["v1", "v2"]) {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, "pipelines.yaml"), thing(version));
    }
    await symlink("v1", join(folder, "data"));
    await symlink("data/pipelines.yaml", file);
    const registry = await open();
    stack.push(registry.follow({ log }));
    expect([...registry.generators().keys()]).toEqual(["v1"]);
    await symlink("v2", join(folder, "data.new"));
    await rename(join(folder, "data.new"), join(folder, "data"));
    await expect.poll(() => [...registry.generators().keys()]).toEqual(["v2"]);
  });

  it("keeps the generators that a change is not about, and makes those anew whose entry or file has changed", async () => {
    const entry = (name: string, health: string) => `{ name: ${name}, kind: thing, health: "${health}" }`;
    const generators = (...entries: string[]) => `generators: [${entries.join(", ")}]\npipelines: []\n`;
    await writeFile(join(folder, "flow.json"), "{}");
    await writeFile(file, generators(entry("a", "fine"), entry("b", "fine"), entry("c", "flow.json")));
    const registry = await open();
    stack.push(registry.follow({ log }));
    const before = new Map(registry.generators());
    await writeFile(
      file,
      generators(entry("a", "fine"), entry("b", "tired"), entry("c", "flow.json"), entry("d", "fine")),
    );
    await expect.poll(() => [...registry.generators().keys()]).toEqual(["a", "b", "c", "d"]);
    const same = () =>
      [...registry.generators()].filter(([name, each]) => before.get(name) === each).map(([name]) => name);
    expect(same()).toEqual(["a", "c"]);
    expect(await registry.check("b")).toMatchObject({ ok: false, detail: "It is tired." });
    await writeFile(join(folder, "flow.json"), "{ }");
    await expect.poll(same).toEqual(["a"]);
  });

  it("shows people what is wrong without the folder's path", async () => {
    await writeFile(file, thing("a"));
    const registry = await open();
    stack.push(registry.follow({ log }));
    await writeFile(file, thing("a", "broken"));
    await expect
      .poll(() => registry.file()?.error)
      .toEqual({
        message: "There is no thing.json.",
        path: "generators[0].health",
        line: 1,
      });
    expect([...registry.generators().keys()]).toEqual(["a"]);
  });

  it("tries again when pipelines could not be stored, and until then leaves all as it was", async () => {
    await writeFile(file, thing("a"));
    const registry = await open();
    const stored: string[] = [];
    let failures = 1;
    stack.push(
      registry.follow({
        log,
        apply: async (pipelines) => {
          if (failures-- > 0) throw new Error("the database is away");
          stored.push(...pipelines.map(({ name }) => name));
        },
      }),
    );
    await writeFile(file, thing("b", "fine", "q"));
    await expect
      .poll(() => registry.file()?.error?.message)
      .toBe("Its pipelines could not be stored. This is tried again.");
    expect([...registry.generators().keys()]).toEqual(["a"]);
    await expect.poll(() => stored).toEqual(["q"]);
    await expect.poll(() => registry.file()?.error).toBeNull();
    expect([...registry.generators().keys()]).toEqual(["b"]);
    expect(registry.pipelines().map(({ name }) => name)).toEqual(["q"]);
  });
});

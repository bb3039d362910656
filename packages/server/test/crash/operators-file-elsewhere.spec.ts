import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";

let kit: ProcessKit;
let folder: string;
let file: string;
beforeAll(async () => {
  kit = await processKit();
  folder = await mkdtemp(join(tmpdir(), "sluice-operator-"));
  file = join(folder, "pipelines.yaml");
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const put = async (...words: string[]): Promise<void> => {
  const generators = words.map(
    (word) => `  - { name: say-${word}, kind: command, command: [echo, ${word}], input: none, output: text }`,
  );
  const pipelines = words.map(
    (word) => `  - { name: ${word}, steps: [{ type: generate, name: Say, generator: say-${word}, n: 1 }] }`,
  );
  await writeFile(`${file}.new`, ["generators:", ...generators, "pipelines:", ...pipelines, ""].join("\n"));
  await rename(`${file}.new`, file);
};

/** Creates a run and resolves with the text that a worker made for it. */
async function made(server: ServerProcess, pipeline: string): Promise<string> {
  const { createRun } = await kit.graphql<{ createRun: { run: { number: number } } }>(
    server,
    `mutation ($pipeline: String!) { createRun(input: { pipeline: $pipeline, prompt: "x" }) {
       ... on CreateRunSuccess { run { number } } } }`,
    { pipeline },
  );
  const read = async () =>
    (
      await kit.db.maybe<{ text: string }>(`SELECT text FROM candidates WHERE pipeline_run_id = $1`, [
        createRun.run.number,
      ])
    )?.text.trim();
  await kit.until(async () => (await read()) !== undefined);
  return (await read())!;
}

const versions = async () =>
  (await kit.db.one<{ count: number }>(`SELECT count(*)::int AS count FROM pipelines WHERE name <> 'later'`)).count;

describe("the operator's file in several processes", { timeout: 120_000 }, () => {
  it("is followed by workers of their own, which store no pipelines", async () => {
    await put("first");
    const environment = { SLUICE_PIPELINES: file, PORT: "0" };
    const server = await kit.server({ environment });
    const worker = await kit.worker(environment);
    expect(await made(server, "first")).toBe("first");
    const stored = await versions();

    await put("first", "later");
    await expect
      .poll(() => kit.db.maybe(`SELECT FROM pipelines WHERE name = 'later'`), { timeout: 30_000 })
      .toBeDefined();
    expect(await made(server, "later")).toBe("later");
    expect(await versions()).toBe(stored);
    expect(await worker.end("SIGTERM")).toBe(0);
    expect(await server.end("SIGTERM")).toBe(0);
  });

  it("is what its pipelines are changed by, whichever server is asked, until it declares them no more", async () => {
    await put("mine", "given-up");
    const follower = await kit.server({ environment: { SLUICE_PIPELINES: file } });
    const other = await kit.server();
    const apply = async (server: ServerProcess, name: string) => {
      const yaml = `pipelines: [{ name: ${name}, steps: [{ type: generate, name: Other, generator: grammar }] }]`;
      const { applyPipelines } = await kit.graphql<{ applyPipelines: unknown }>(
        server,
        `mutation ($yaml: String!) { applyPipelines(input: { yaml: $yaml }) {
           __typename ... on DeclaredInFileError { pipeline file } } }`,
        { yaml },
      );
      return applyPipelines;
    };
    const refused = { __typename: "DeclaredInFileError", pipeline: "mine", file: "pipelines.yaml" };
    expect(await apply(follower, "mine")).toEqual(refused);
    expect(await apply(other, "mine")).toEqual(refused);
    const told = await kit.graphql(
      other,
      `{ operatorFile { path } pipeline(name: "mine") { version fromOperatorFile } }`,
    );
    expect(told).toEqual({ operatorFile: null, pipeline: { version: 1, fromOperatorFile: true } });

    await put("mine");
    await expect
      .poll(() => apply(other, "given-up"), { timeout: 30_000 })
      .toEqual({ __typename: "ApplyPipelinesSuccess" });
    expect(await apply(follower, "mine")).toEqual(refused);

    // A server that follows no file takes the place of the one that did.
    expect(await follower.end("SIGTERM")).toBe(0);
    expect(await apply(other, "mine")).toEqual(refused);
    const next = await kit.server();
    expect(await apply(next, "mine")).toEqual({ __typename: "ApplyPipelinesSuccess" });
    for (const server of [other, next]) expect(await server.end("SIGTERM")).toBe(0);
  });

  it("stops a start, of a server and of a worker, with file, line and path while it is wrong", async () => {
    await writeFile(
      file,
      "pipelines:\n  - name: p\n    steps:\n      - { type: generate, name: A, generator: gramar }\n",
    );
    const where = `${file}:4, pipelines[0].steps[0].generator: There is no generator named "gramar". Did you mean "grammar"?`;
    const environment = { SLUICE_PIPELINES: file, PORT: "0" };
    await expect(kit.server({ environment })).rejects.toThrow(where);
    await expect(kit.worker(environment)).rejects.toThrow(where);
  });
});

import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

let kit: ServerKit;
let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-operator-"));
  file = join(folder, "pipelines.yaml");
  await writeFile(join(folder, "write.sh"), "echo first");
  await put(document({ generators: [scribe("scribe", "write.sh")], pipelines: [pipeline("one", "scribe")] }));
  kit = await serverKit({ worker: true, pipelinesFile: file, environment: { GREETING: "from the environment" } });
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const document = ({ generators, pipelines }: { generators: string[]; pipelines: string[] }) =>
  ["generators:", ...generators, "pipelines:", ...pipelines, ""].join("\n");
const scribe = (name: string, script: string) =>
  `  - { name: ${name}, kind: command, command: [sh, ${script}], input: none, output: text, env: { GREETING: "\${GREETING}" } }`;
const pipeline = (name: string, generator: string, more = "") =>
  `  - { name: ${name}, ${more}steps: [{ type: generate, name: Write, generator: ${generator}, n: 1, gate: auto }] }`;

/** As editors save: a new file takes the place of the old one. */
async function put(text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

interface FileState {
  readonly path: string;
  readonly loadedAt: string;
  readonly error: { readonly message: string; readonly path: string | null; readonly line: number | null } | null;
}

const fileState = async (): Promise<FileState> =>
  (await kit.graphql<{ operatorFile: FileState }>(`{ operatorFile { path loadedAt error { message path line } } }`))
    .operatorFile;

/** Resolves once the file that was put has been taken up. */
async function loadedAfter(before: FileState): Promise<void> {
  await expect.poll(async () => (await fileState()).loadedAt, { interval: 100 }).not.toBe(before.loadedAt);
  expect((await fileState()).error).toBeNull();
}

async function createRun(name: string): Promise<number> {
  const { createRun } = await kit.graphql<{
    createRun: { __typename: string; message?: string; run?: { number: number } };
  }>(
    `mutation ($name: String!) { createRun(input: { pipeline: $name, prompt: "a bakery" }) {
       __typename ... on CreateRunSuccess { run { number } } ... on Error { message } } }`,
    { name },
  );
  if (!createRun.run) throw new Error(`${createRun.__typename}: ${createRun.message}`);
  return createRun.run.number;
}

/** The text of the run's first candidate, once it is made. */
async function textOf(run: number): Promise<string> {
  const read = async () =>
    (
      await kit.db.maybe<{ text: string }>(
        `SELECT c.text FROM candidates c JOIN pipeline_runs r ON r.id = c.pipeline_run_id WHERE r.id = $1`,
        [run],
      )
    )?.text.trim();
  await expect.poll(read, { interval: 100 }).toBeDefined();
  return (await read())!;
}

const versions = async (name: string) =>
  (
    await kit.db.many<{ version: number }>(`SELECT version FROM pipelines WHERE name = $1 ORDER BY version`, [name])
  ).map(({ version }) => version);

describe("the operator's file", { timeout: 60_000 }, () => {
  it("sets up generators that pipelines, those of the API too, may name", async () => {
    expect(await fileState()).toMatchObject({ path: "pipelines.yaml", error: null });
    expect(await textOf(await createRun("one"))).toBe("first");
    const yaml = pipelinesOnly(pipeline("by-api", "scribe"));
    const { applyPipelines } = await kit.graphql<{ applyPipelines: { __typename: string } }>(
      `mutation ($yaml: String!) { applyPipelines(input: { yaml: $yaml }) { __typename ... on Error { message } } }`,
      { yaml },
    );
    expect(applyPipelines).toEqual({ __typename: "ApplyPipelinesSuccess" });
    expect(await textOf(await createRun("by-api"))).toBe("first");
  });

  it("is in force again as soon as it is saved: new versions, new generators, and runs keep what they began with", async () => {
    const before = await fileState();
    await writeFile(join(folder, "other.sh"), 'echo "$GREETING"');
    await put(
      document({
        generators: [scribe("scribe", "write.sh"), scribe("other", "other.sh")],
        pipelines: [pipeline("one", "other", "defaults: { max_jobs: 40, max_cost: 2.5 }, ")],
      }),
    );
    await loadedAfter(before);
    expect(await versions("one")).toEqual([1, 2]);
    expect(await kit.db.one(`SELECT max_jobs, max_cost_usd FROM pipelines WHERE name = 'one' AND version = 2`)).toEqual(
      {
        max_jobs: 40,
        max_cost_usd: 2.5,
      },
    );
    expect(await textOf(await createRun("one"))).toBe("from the environment");
  });

  it("keeps what came from the environment out of what a failed job shows", async () => {
    const before = await fileState();
    await writeFile(join(folder, "tell.sh"), 'echo "Token: $GREETING" >&2; exit 3');
    await put(
      document({
        generators: [scribe("scribe", "write.sh"), scribe("other", "other.sh"), scribe("teller", "tell.sh")],
        pipelines: [
          pipeline("one", "other", "defaults: { max_jobs: 40, max_cost: 2.5 }, "),
          pipeline("told", "teller"),
        ],
      }),
    );
    await loadedAfter(before);
    const run = await createRun("told");
    const job = async () =>
      await kit.db.maybe<{ error: string | null; log: unknown }>(
        `SELECT error, log FROM jobs WHERE pipeline_run_id = $1 AND status = 'FAILED'`,
        [run],
      );
    await expect.poll(job, { interval: 100, timeout: 30_000 }).toBeDefined();
    const shown = JSON.stringify(await job());
    expect(shown).toContain("Token: $" + "{GREETING}");
    expect(shown).not.toContain("from the environment");
  });

  it("changes nothing while it is wrong, and says where", async () => {
    const before = await fileState();
    const known = kit.logged.length;
    await put(document({ generators: [scribe("scribe", "write.sh")], pipelines: [pipeline("one", "scrib")] }));
    await expect.poll(async () => (await fileState()).error, { interval: 100 }).not.toBeNull();
    expect(await fileState()).toEqual({
      ...before,
      error: {
        message: 'There is no generator named "scrib". Did you mean "scribe"?',
        path: "pipelines[0].steps[0].generator",
        line: 4,
      },
    });
    const logged = kit.logged.slice(known) as string[];
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0]!)).toMatchObject({
      msg: `${file}:4, pipelines[0].steps[0].generator: There is no generator named "scrib". Did you mean "scribe"? What was loaded before stays in force.`,
    });
    expect(await versions("one")).toEqual([1, 2]);
    expect(await textOf(await createRun("one"))).toBe("from the environment");
    (kit.logged as string[]).length = 0;
  });

  it("is not in force while it is gone, and says nothing of the folder", async () => {
    await rm(file);
    await expect
      .poll(async () => (await fileState()).error?.message, { interval: 100 })
      .toBe("pipelines.yaml is not there.");
    (kit.logged as string[]).length = 0;
  });

  it("is read again once it is mended", async () => {
    const before = await fileState();
    await put(document({ generators: [scribe("scribe", "write.sh")], pipelines: [pipeline("two", "scribe")] }));
    await loadedAfter(before);
    expect(await versions("two")).toEqual([1]);
    expect(await versions("one")).toEqual([1, 2]);
  });

  it("is read again when a file that it names changes", async () => {
    const before = await fileState();
    await writeFile(join(folder, "write.sh"), "echo second");
    await loadedAfter(before);
    expect(await textOf(await createRun("two"))).toBe("second");
    expect(await versions("two")).toEqual([1]);
  });

  it("leaves a job alone that runs on a generator which is gone", async () => {
    await writeFile(
      join(folder, "slow.sh"),
      'cd "$(dirname "$0")"; touch began; until [ -e go ]; do sleep 0.05; done; echo done',
    );
    const before = await fileState();
    await put(
      document({ generators: [scribe("slow", join(folder, "slow.sh"))], pipelines: [pipeline("three", "slow")] }),
    );
    await loadedAfter(before);
    const run = await createRun("three");
    await expect
      .poll(() => kit.db.maybe(`SELECT FROM jobs WHERE status = 'RUNNING' AND generator = 'slow'`))
      .toBeDefined();
    const next = await fileState();
    await put(document({ generators: [scribe("scribe", "write.sh")], pipelines: [pipeline("two", "scribe")] }));
    await loadedAfter(next);
    await writeFile(join(folder, "go"), "");
    expect(await textOf(run)).toBe("done");
  });

  it("is described by a JSON Schema that editors fetch without signing in", async () => {
    const answer = await fetch(`${kit.url}/pipelines.schema.json`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("application/schema+json");
    expect(await answer.json()).toMatchObject({ type: "object", required: ["pipelines"] });
  });
});

function pipelinesOnly(entry: string): string {
  return `pipelines:\n${entry}\n`;
}

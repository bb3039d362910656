import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokenRunRules } from "@sluice/engine/testing";
import {
  type OpenAiAnswer,
  type OpenAiServer,
  type OpencodeServer,
  openAiServer,
  opencodeServer,
} from "@sluice/generators/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import { mutate, settled } from "../kit/waiting-gate.ts";

const stack = new AsyncDisposableStack();
let models: OpenAiServer;
let opencode: OpencodeServer;
let kit: ProcessKit;
let server: ServerProcess;
let environment: Record<string, string>;
/** What the model answers next. */
let answer: OpenAiAnswer = { text: ["It ", "rains."] };

beforeAll(async () => {
  models = stack.use(await openAiServer({ answer: () => answer }));
  opencode = stack.use(await opencodeServer(models.url));
  const folder = await mkdtemp(join(tmpdir(), "sluice-agents-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "agents.yaml");
  await writeFile(path, operatorsFile(opencode.url));
  environment = { SLUICE_PIPELINES: path, OPENCODE_SERVER_PASSWORD: opencode.password };
  kit = stack.use(await processKit());
  server = await kit.server({ environment });
}, 400_000);
afterAll(() => stack.disposeAsync());

const operatorsFile = (url: string) => `
generators:
  - { name: agents, kind: opencode, url: "${url}", password: "\${OPENCODE_SERVER_PASSWORD}" }
agents:
  - { name: writer, opencode_agent: writer, default_model: test/small, system_prompt_additions: Be brief. }
pipelines:
  - name: Lines
    steps:
      - { agent: writer, description: Write a line }
`;

async function newRun(): Promise<{ readonly id: string; readonly number: number }> {
  const { createRun } = await kit.graphql<{ createRun: { run: { id: string; number: number } } }>(
    server,
    `mutation { createRun(input: { pipeline: "Lines", prompt: "about the sea" }) {
       ... on CreateRunSuccess { run { id number } } } }`,
  );
  return createRun.run;
}

const madeIn = (runId: number) =>
  kit.db.many<{ status: string; attempts: number; sessionId: string; text: string; model: string }>(
    `SELECT j.status, j.attempts, c.meta ->> 'sessionId' AS "sessionId", c.text, c.model
     FROM jobs j LEFT JOIN candidates c ON c.id = j.candidate_id WHERE j.pipeline_run_id = $1`,
    [runId],
  );

const sessions = async () => ((await opencode.ask("/session")) as { id: string }[]).map(({ id }) => id);

it.each(["SIGKILL", "SIGTERM"] as const)(
  "A4: after %s of its worker, another waits for the session that OpenCode works on, and the model is asked once",
  async (signal) => {
    const gone = Promise.withResolvers<void>();
    answer = { text: ["It ", "rains."], pace: () => gone.promise };
    const asked = models.requests.length;
    const before = await sessions();
    const first = await kit.worker(environment);
    const { number: runId } = await newRun();
    await models.request(asked + 1);
    await first.end(signal);

    const second = await kit.worker(environment);
    gone.resolve();
    expect(await settled(kit, runId)).toBe("COMPLETED");
    await second.end("SIGTERM");

    const [session, ...others] = (await sessions()).filter((id) => !before.includes(id));
    expect(others).toEqual([]);
    expect(await madeIn(runId)).toEqual([
      { status: "COMPLETED", attempts: 0, sessionId: session, text: "It rains.", model: "test/small" },
    ]);
    expect(models.requests).toHaveLength(asked + 1);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  },
  240_000,
);

it("stops the agent, and deletes its session, when its run is aborted", async () => {
  answer = { text: ["It "], pace: () => new Promise(() => {}) };
  const asked = models.requests.length;
  const before = await sessions();
  const worker = await kit.worker(environment);
  const run = await newRun();
  const { hungUp, told } = await models.request(asked + 1);
  expect(told).toContain("Be brief.");
  await mutate(kit, server, "abortRun", { runId: run.id });
  await hungUp;
  expect(await settled(kit, run.number)).toBe("ABORTED");
  await expect.poll(sessions).toEqual(before);
  await worker.end("SIGTERM");
  expect(await brokenRunRules(kit.db)).toEqual([]);
}, 240_000);

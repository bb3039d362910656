import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokenRunRules } from "@sluice/engine/testing";
import { type OpenAiServer, openAiServer } from "@sluice/generators/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import { mutate } from "../kit/waiting-gate.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const stack = new AsyncDisposableStack();
let models: OpenAiServer;
/** What the service was sent; the first is never answered. */
const sent: IncomingHttpHeaders[] = [];
const firstSent = Promise.withResolvers<void>();
let kit: ProcessKit;
let server: ServerProcess;
let environment: Record<string, string>;

beforeAll(async () => {
  models = stack.use(await openAiServer());
  const service = createServer((request, response) => {
    sent.push(request.headers);
    request.resume();
    if (sent.length === 1) firstSent.resolve();
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ text: "second time" }));
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  stack.defer(() => {
    service.close();
    service.closeAllConnections();
  });
  const folder = await mkdtemp(join(tmpdir(), "sluice-killed-request-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "pipelines.yaml");
  await writeFile(
    file,
    [
      "generators:",
      `  - { name: model, kind: ai, provider: openai-compatible, base_url: "${models.url}", model: tiny }`,
      `  - { name: service, kind: http, url: "http://127.0.0.1:${(service.address() as AddressInfo).port}/jobs", secret: "${SECRET}", media: text, callback: false }`,
      "pipelines:",
      "  - { name: From a model, steps: [{ name: Write, type: generate, generator: model, n: 1, gate: auto }] }",
      "  - { name: From a service, steps: [{ name: Write, type: generate, generator: service, n: 1, gate: auto }] }",
      "",
    ].join("\n"),
  );
  environment = { SLUICE_PIPELINES: file };
  kit = stack.use(await processKit());
  server = await kit.server({ environment });
});
afterAll(() => stack.disposeAsync());

/** Kills the worker once `asked`, and gives the job to another. Returns what became of the newest run's job. */
async function killedWhileAsking(pipeline: string, asked: () => Promise<unknown>) {
  const first = await kit.worker(environment);
  await mutate(kit, server, "createRun", { pipeline, prompt: "a bakery" });
  await asked();
  await first.end("SIGKILL");
  const second = await kit.worker(environment);
  const made = () =>
    kit.db.many<{ status: string; attempts: number; text: string | null }>(
      `SELECT j.status, j.attempts, c.text FROM jobs j LEFT JOIN candidates c ON c.id = j.candidate_id
       WHERE j.pipeline_run_id = (SELECT max(id) FROM pipeline_runs)`,
    );
  await kit.until(async () => (await made()).every(({ status }) => status === "COMPLETED"));
  await second.end("SIGTERM");
  expect(await brokenRunRules(kit.db)).toEqual([]);
  return await made();
}

it("A4: a model is asked again by another worker after kill -9, and one candidate comes of it", async () => {
  models.next({ hang: true }, { text: ["second ", "time"] });
  const made = await killedWhileAsking("From a model", () => models.request(1));
  expect(made).toEqual([{ status: "COMPLETED", attempts: 0, text: "second time" }]);
  expect(models.requests).toHaveLength(2);
}, 180_000);

it("A4: a service is sent the job again under the same id after kill -9, so that it need not be done twice", async () => {
  const made = await killedWhileAsking("From a service", () => firstSent.promise);
  expect(made).toEqual([{ status: "COMPLETED", attempts: 0, text: "second time" }]);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.["webhook-id"]).toBe(sent[0]?.["webhook-id"]);
}, 180_000);

import { brokenRunRules } from "@sluice/engine/testing";
import { type ComfyServer, startComfyServer } from "@sluice/generators/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exampleFile } from "../kit/operators-file.ts";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import { mutate, settled } from "../kit/waiting-gate.ts";

const stack = new AsyncDisposableStack();
let comfy: ComfyServer;
let kit: ProcessKit;
let server: ServerProcess;
let environment: Record<string, string>;
beforeAll(async () => {
  comfy = stack.use(await startComfyServer());
  const file = stack.use(await exampleFile("comfyui-portraits.yaml", { "http://127.0.0.1:8188": comfy.url }));
  environment = { SLUICE_PIPELINES: file.path };
  kit = stack.use(await processKit());
  server = await kit.server({ environment });
});
afterAll(() => stack.disposeAsync());

/** A run whose first step makes one portrait. */
async function newRun(): Promise<{ readonly id: string; readonly number: number }> {
  const { createRun } = await kit.graphql<{ createRun: { run: { id: string; number: number } } }>(
    server,
    `mutation { createRun(input: { pipeline: "Portraits", prompt: "a harbour master", maxChildrenPerNode: 1 }) {
       ... on CreateRunSuccess { run { id number } } } }`,
  );
  return createRun.run;
}

const madeIn = (runId: number) =>
  kit.db.many<{ status: string; attempts: number; error: string | null; promptId: string; model: string }>(
    `SELECT j.status, j.attempts, j.error, c.meta ->> 'promptId' AS "promptId", c.model
     FROM jobs j LEFT JOIN candidates c ON c.id = j.candidate_id WHERE j.pipeline_run_id = $1`,
    [runId],
  );

it.each(["SIGKILL", "SIGTERM"] as const)(
  "A4: after %s of its worker, another goes on with the job that ComfyUI has, and gives it no second one",
  async (signal) => {
    const before = comfy.submitted.length;
    const heldBefore = comfy.heldJobs;
    comfy.hold();
    const first = await kit.worker(environment);
    const { number: runId } = await newRun();
    await comfy.held(heldBefore + 1);
    await first.end(signal);
    expect(comfy.queue.running, "the worker's end leaves the job alone").toBeDefined();

    const second = await kit.worker(environment);
    comfy.release();
    await kit.until(async () => (await madeIn(runId)).every(({ status }) => status === "COMPLETED"));
    await second.end("SIGTERM");

    const [one, ...others] = await madeIn(runId);
    const jobs = comfy.submitted.slice(before);
    expect(jobs).toHaveLength(1);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ attempts: 0, promptId: jobs[0]!.id, model: "sd_xl_base_1.0.safetensors" });
    expect(await brokenRunRules(kit.db)).toEqual([]);
  },
  180_000,
);

it("cancels in ComfyUI what an aborted run does not want any more", async () => {
  const heldBefore = comfy.heldJobs;
  comfy.hold();
  const worker = await kit.worker(environment);
  const run = await newRun();
  await comfy.held(heldBefore + 1);
  const id = comfy.queue.running!.id;
  await mutate(kit, server, "abortRun", { runId: run.id });
  await expect.poll(() => comfy.queue.history[id]?.status.messages.at(-1)?.[0]).toBe("execution_interrupted");
  expect(await settled(kit, run.number)).toBe("ABORTED");
  comfy.release();
  await worker.end("SIGTERM");
  expect(await brokenRunRules(kit.db)).toEqual([]);
}, 180_000);

it("cancels in ComfyUI what a killed worker has left of a run that was aborted since, once there is another worker", async () => {
  const heldBefore = comfy.heldJobs;
  comfy.hold();
  const first = await kit.worker(environment);
  const run = await newRun();
  await comfy.held(heldBefore + 1);
  const id = comfy.queue.running!.id;
  await first.end("SIGKILL");
  await mutate(kit, server, "abortRun", { runId: run.id });
  const second = await kit.worker(environment);
  await expect
    .poll(() => comfy.queue.history[id]?.status.messages.at(-1)?.[0], { timeout: 60_000 })
    .toBe("execution_interrupted");
  comfy.release();
  await second.end("SIGTERM");
  expect(await brokenRunRules(kit.db)).toEqual([]);
}, 180_000);

it("tries again what ran out of memory, and not what fails for another reason", async () => {
  const worker = await kit.worker(environment);
  comfy.failNext({ exception_type: "torch.OutOfMemoryError", exception_message: "Allocation on device" });
  const again = await newRun();
  await kit.until(async () => (await madeIn(again.number)).every(({ status }) => status === "COMPLETED"));
  expect(await madeIn(again.number)).toMatchObject([{ attempts: 1 }]);

  comfy.failNext({ exception_type: "ValueError", exception_message: "Sizes do not match." });
  const failing = await newRun();
  expect(await settled(kit, failing.number)).toBe("FAILED");
  expect(await madeIn(failing.number)).toMatchObject([
    { status: "FAILED", attempts: 1, error: "ComfyUI failed at node 3 (KSampler): Sizes do not match." },
  ]);
  await worker.end("SIGTERM");
}, 180_000);

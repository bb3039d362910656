import { describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import type { Generator } from "../src/jobs/generator.ts";
import { diagnose } from "../src/queries/diagnose.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { anotherWorker } from "./another-worker.ts";
import { heldGenerator } from "./generators.ts";
import { jobsOf } from "./scenes.ts";

/** An echo with a limit that counts how many of its calls overlap; each goes on when the next has had its chance. */
function countingGenerator(name: string, concurrency: number) {
  const seen = { now: 0, most: 0, calls: 0 };
  const generator: Generator = {
    ...echoGenerator(name),
    concurrency,
    async generate(request, context) {
      seen.now += 1;
      seen.calls += 1;
      seen.most = Math.max(seen.most, seen.now);
      try {
        // Progress is a transaction of its own: while it lasts, another worker can take a job.
        context.progress(0.5);
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        return await echoGenerator().generate(request, context);
      } finally {
        seen.now -= 1;
      }
    },
  };
  return { generator, seen };
}

const statuses = async (kit: EngineKit, runId: number) => (await jobsOf(kit, runId)).map(({ status }) => status);
const running = async (kit: EngineKit, runId: number) =>
  (await statuses(kit, runId)).filter((status) => status === "RUNNING").length;

describe("concurrency of a generator", () => {
  it("holds over all workers, and every job is done once", { timeout: 60_000 }, async () => {
    const { generator, seen } = countingGenerator("limited", 2);
    await using kit = await engineKit();
    await kit.worker([generator], { concurrency: 3 });
    await using _other = await anotherWorker(kit, [generator], { concurrency: 3 });
    const runs = [
      await kit.newRun([{ generator: "limited", maxChildren: 5 }]),
      await kit.newRun([{ generator: "limited", maxChildren: 5 }]),
    ];
    for (const runId of runs) await kit.untilRun(runId, "COMPLETED");
    expect(seen.most).toBeLessThanOrEqual(2);
    expect(seen.calls).toBe(10);
    for (const runId of runs) expect(await kit.candidates(runId)).toHaveLength(5);
  });

  it("fills up to its limit, and leaves the worker's other places to others", async () => {
    const held = { ...heldGenerator("limited"), concurrency: 1 };
    await using kit = await engineKit();
    await kit.worker([held, echoGenerator()], { concurrency: 2 });
    const slow = await kit.newRun([{ generator: "limited", maxChildren: 3 }]);
    await kit.until(slow, async () => (await running(kit, slow)) === 1);
    const quick = await kit.newRun([{ maxChildren: 3 }]);
    await kit.untilRun(quick, "COMPLETED");
    expect((await statuses(kit, slow)).sort()).toEqual(["QUEUED", "QUEUED", "RUNNING"]);
    held.release();
    await kit.untilRun(slow, "COMPLETED");
  });

  it("work goes on with another worker when one ends", async () => {
    const first = { ...heldGenerator("limited"), concurrency: 1 };
    const second = { ...heldGenerator("limited"), concurrency: 1 };
    await using kit = await engineKit();
    const worker = await kit.worker([first], { concurrency: 2 });
    const runId = await kit.newRun([{ generator: "limited", maxChildren: 2 }]);
    await kit.until(runId, async () => (await running(kit, runId)) === 1);
    await using other = await anotherWorker(kit, [second]);
    await worker[Symbol.asyncDispose]();
    const holders = () =>
      kit.db.many(`SELECT worker_id AS id FROM jobs WHERE pipeline_run_id = $1 AND status = 'RUNNING'`, [runId]);
    await kit.until(runId, async () => (await running(kit, runId)) === 1);
    expect(await holders()).toEqual([{ id: other.id }]);
    second.release();
    await kit.untilRun(runId, "COMPLETED");
  });
});

describe("a generator that a worker has not", () => {
  it("is left to one that has it, while this one does what it can", async () => {
    await using kit = await engineKit();
    await kit.worker([echoGenerator()], { concurrency: 2 });
    const runId = await kit.newRun([{ generator: "comfy", maxChildren: 2 }]);
    const others = await kit.newRun([{ maxChildren: 3 }]);
    await kit.untilRun(others, "COMPLETED");
    expect(await statuses(kit, runId)).toEqual(["QUEUED", "QUEUED"]);
    expect((await diagnose(kit.engine, [runId])).get(runId)).toMatchObject([
      {
        code: "NO_GENERATOR",
        message: "Step 1 (Step 1) has 2 jobs queued. No worker that runs has the generator comfy.",
        action: expect.stringContaining("SLUICE_PIPELINES"),
      },
    ]);
    await using _other = await anotherWorker(kit, [echoGenerator("comfy")]);
    await kit.untilRun(runId, "COMPLETED");
    expect(await kit.db.many(`SELECT attempts FROM jobs WHERE pipeline_run_id = $1`, [runId])).toEqual([
      { attempts: 0 },
      { attempts: 0 },
    ]);
    expect((await diagnose(kit.engine, [runId])).get(runId)).toEqual([]);
  });

  it("may come while the worker runs, and go again", async () => {
    await using kit = await engineKit();
    const has = new Map<string, Generator>([["echo", echoGenerator()]]);
    await using worker = await anotherWorker(kit, () => has);
    const runId = await kit.newRun([{ generator: "comfy", maxChildren: 2 }]);
    has.set("comfy", echoGenerator("comfy"));
    await kit.untilRun(runId, "COMPLETED");
    has.delete("comfy");
    const later = await kit.newRun([{ generator: "comfy", maxChildren: 1 }]);
    const others = await kit.newRun([{ maxChildren: 3 }]);
    await kit.untilRun(others, "COMPLETED");
    expect(await statuses(kit, later)).toEqual(["QUEUED"]);
    expect(worker.id).toBeGreaterThan(0);
    await abortRun(kit.engine, kit.actor, { runId: later });
  });

  it("whose programs claim its jobs is no worker's: it says that nobody claimed one", async () => {
    await using kit = await engineKit();
    await kit.worker([{ ...echoGenerator("gpu-box"), runs: "elsewhere" }, echoGenerator()]);
    const runId = await kit.newRun([{ generator: "gpu-box", maxChildren: 1 }]);
    const others = await kit.newRun([{ maxChildren: 3 }]);
    await kit.untilRun(others, "COMPLETED");
    expect(await statuses(kit, runId)).toEqual(["QUEUED"]);
    const found = await diagnose(kit.engine, [runId], (name) => name === "gpu-box");
    expect(found.get(runId)).toMatchObject([
      {
        code: "NO_GENERATOR",
        message: "Step 1 (Step 1) has 1 job queued, and no program has claimed one of the generator gpu-box.",
      },
    ]);
    await kit.db.query(`UPDATE jobs SET status = 'RUNNING', lease_hash = 'x', lease_expires_at = now() + interval '1 h'
      WHERE pipeline_run_id = ${runId}`);
    expect((await diagnose(kit.engine, [runId], (name) => name === "gpu-box")).get(runId)).toEqual([]);
  });
});

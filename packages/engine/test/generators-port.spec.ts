import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import {
  type GenerateContext,
  type Generated,
  type GenerateRequest,
  type Generator,
  GeneratorError,
  isUnwanted,
  JobStopped,
} from "../src/jobs/generator.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { eventsOf, jobsOf } from "./scenes.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

type Generate = (request: GenerateRequest, context: GenerateContext) => Promise<Generated>;

const made = (text = "made"): Generated => ({ assets: [], text, meta: {} });

/** A generator that does this. */
const generator = (name: string, generate: Generate): Generator => ({ ...echoGenerator(name), generate });

/** Resolves when the signal aborts, with why. */
async function stopped(signal: AbortSignal): Promise<"unwanted" | "worker-ends"> {
  if (!signal.aborted) await once(signal, "abort");
  return isUnwanted(signal) ? "unwanted" : "worker-ends";
}

interface JobColumns {
  readonly status: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly log: string;
  readonly externalId: string | null;
  readonly textSoFar: string | null;
  readonly progress: number;
  readonly message: string | null;
  readonly cost: number;
}

async function jobOf(runId: number): Promise<JobColumns> {
  return await kit.db.one(
    `SELECT status, attempts, error, log, external_id AS "externalId", text_so_far AS "textSoFar", progress,
       progress_message AS message, cost_usd AS cost FROM jobs WHERE pipeline_run_id = $1`,
    [runId],
  );
}

async function attemptsStarted(runId: number): Promise<number> {
  const { started } = await kit.db.one<{ started: number }>(
    `SELECT attempts_started AS started FROM pipeline_runs WHERE id = $1`,
    [runId],
  );
  return started;
}

/** A run of one job, and a worker of one generator for it. */
async function oneJob(generate: Generate) {
  const name = `generator ${crypto.randomUUID()}`;
  const worker = await kit.worker([generator(name, generate)], { concurrency: 1 });
  const runId = await kit.newRun([{ generator: name, maxChildren: 1 }]);
  return { runId, name, [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose]() };
}

describe("work that goes on elsewhere", () => {
  it("A4: is left alone when its worker ends, and taken up by its external id without counting an attempt", async () => {
    const told: (string | null)[] = [];
    const why = Promise.withResolvers<string>();
    const name = "remote, worker ends";
    const remote = generator(name, async ({ jobId }, { externalId, saveExternalId, signal, progress }) => {
      told.push(externalId);
      if (externalId !== null) return made(externalId);
      await saveExternalId(`remote-${jobId}`);
      progress(0.2);
      why.resolve(await stopped(signal));
      throw signal.reason;
    });
    const first = await kit.worker([remote], { concurrency: 1 });
    const runId = await kit.newRun([{ generator: name, maxChildren: 1 }]);
    await kit.until(runId, async () => (await jobOf(runId)).externalId !== null);
    await first[Symbol.asyncDispose]();
    expect(await why.promise).toBe("worker-ends");
    expect(await jobOf(runId)).toMatchObject({ status: "QUEUED", attempts: 0 });
    expect(await attemptsStarted(runId)).toBe(0);

    await using _second = await kit.worker([remote], { concurrency: 1 });
    await kit.untilRun(runId, "COMPLETED");
    const [job] = await jobsOf(kit, runId);
    expect(told).toEqual([null, `remote-${job?.id}`]);
    expect(await jobOf(runId)).toMatchObject({ status: "COMPLETED", attempts: 0, externalId: `remote-${job?.id}` });
    expect(await attemptsStarted(runId)).toBe(1);
  });

  it("A4: is found again after kill -9 of the worker's process", async () => {
    const script = fileURLToPath(new URL("fixtures/saving-worker.ts", import.meta.url));
    const process_ = spawn(process.execPath, [script, kit.url], { stdio: ["ignore", "ignore", "inherit"] });
    const ended = once(process_, "exit");
    const runId = await kit.newRun([{ generator: "remote", maxChildren: 1 }]);
    await kit.until(runId, async () => (await jobOf(runId)).message === "Submitted");
    process_.kill("SIGKILL");
    await ended;
    const told: (string | null)[] = [];
    await using _worker = await kit.worker([
      generator("remote", async (_request, { externalId }) => {
        told.push(externalId);
        return made();
      }),
    ]);
    await kit.untilRun(runId, "COMPLETED");
    const [job] = await jobsOf(kit, runId);
    expect(told).toEqual([`remote-${job?.id}`]);
    expect(await jobOf(runId)).toMatchObject({ attempts: 0 });
    expect(await attemptsStarted(runId)).toBe(1);
  });

  it("is forgotten when the attempt fails: the next one begins anew", async () => {
    const told: (string | null)[] = [];
    await using job = await oneJob(async ({ attempt }, { externalId, saveExternalId, log }) => {
      told.push(externalId);
      log(`attempt ${attempt}`);
      if (attempt > 0) return made();
      await saveExternalId("remote-1");
      throw new GeneratorError("The service has lost it.", { retryable: true });
    });
    await kit.untilRun(job.runId, "COMPLETED");
    expect(told).toEqual([null, null]);
    expect(await jobOf(job.runId)).toMatchObject({ attempts: 1, error: null, log: "attempt 0\nattempt 1\n" });
    expect(await attemptsStarted(job.runId)).toBe(2);
  });

  it("A5: is to be cancelled when the run is aborted", async () => {
    const why = Promise.withResolvers<string>();
    await using job = await oneJob(async (_request, { signal, saveExternalId, progress }) => {
      await saveExternalId("remote-1");
      progress(0.1);
      why.resolve(await stopped(signal));
      throw signal.reason;
    });
    await kit.until(job.runId, async () => (await jobOf(job.runId)).externalId !== null);
    await abortRun(kit.engine, kit.actor, { runId: job.runId });
    expect(await why.promise).toBe("unwanted");
    expect(await jobOf(job.runId)).toMatchObject({ status: "CANCELLED", error: null });
  });

  it("is not begun for a job that nobody wants any more, or that somebody else has", async () => {
    for (const [change, why] of [
      ["status = 'CANCELLED', finished_at = now()", "unwanted"],
      ["fence = fence + 1", "worker-ends"],
    ] as const) {
      const refused = Promise.withResolvers<unknown>();
      await using job = await oneJob(async ({ run }, { saveExternalId }) => {
        await kit.db.query(`UPDATE jobs SET ${change} WHERE pipeline_run_id = $1`, [run.id]);
        await saveExternalId("remote-1").catch((error: unknown) => {
          refused.resolve(error);
          throw error;
        });
        return made();
      });
      const error = await refused.promise;
      expect(error).toBeInstanceOf(JobStopped);
      expect((error as JobStopped).why).toBe(why);
      expect(await jobOf(job.runId)).toMatchObject({ externalId: null, attempts: 0 });
      await abortRun(kit.engine, kit.actor, { runId: job.runId });
    }
  });

  it("hears by its own reports that somebody else has the job now", async () => {
    const why = Promise.withResolvers<string>();
    await using job = await oneJob(async ({ run }, { signal, progress }) => {
      await kit.db.query(`UPDATE jobs SET fence = fence + 1 WHERE pipeline_run_id = $1`, [run.id]);
      progress(0.5);
      why.resolve(await stopped(signal));
      return made();
    });
    expect(await why.promise).toBe("worker-ends");
    expect(await kit.candidates(job.runId)).toEqual([]);
    await abortRun(kit.engine, kit.actor, { runId: job.runId });
  });
});

describe("what a generator tells while it works", () => {
  it("is thinned out to the newest, with every line of the log", async () => {
    const told = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<void>();
    await using job = await oneJob(async (_request, { progress, write, log }) => {
      for (let step = 1; step <= 400; step++) {
        progress(step / 800, `step ${step}`);
        write("word ".repeat(step));
        log(`line ${step}`);
      }
      told.resolve();
      await seen.promise;
      log("the last line");
      return made();
    });
    await told.promise;
    await kit.until(job.runId, async () => (await jobOf(job.runId)).message === "step 400");
    expect(await jobOf(job.runId)).toMatchObject({ progress: 0.5, textSoFar: "word ".repeat(400) });
    expect(await eventsOf(kit, job.runId, "job_progressed")).toBeLessThan(5);
    seen.resolve();
    await kit.untilRun(job.runId, "COMPLETED");
    const { log, textSoFar } = await jobOf(job.runId);
    expect(textSoFar).toBe(null);
    expect(log.split("\n")).toEqual([
      ...Array.from({ length: 400 }, (_, index) => `line ${index + 1}`),
      "the last line",
      "",
    ]);
  });

  it("is bounded: the last of the log and of the text", async () => {
    const seen = Promise.withResolvers<void>();
    await using job = await oneJob(async (_request, { write, log }) => {
      write(`${"a".repeat(30_000)}the end`);
      for (let line = 0; line < 40; line++) log("b".repeat(5_000));
      log("half of a pair \ud800 and a null \0");
      await seen.promise;
      return made();
    });
    await kit.until(job.runId, async () => (await jobOf(job.runId)).textSoFar !== null);
    const { textSoFar } = await jobOf(job.runId);
    expect(textSoFar).toHaveLength(20_000);
    expect(textSoFar).toMatch(/athe end$/);
    seen.resolve();
    await kit.untilRun(job.runId, "COMPLETED");
    const { log } = await jobOf(job.runId);
    expect(log).toHaveLength(32_000);
    expect(log).toMatch(/half of a pair \ufffd and a null \n$/);
  });

  it("shows how the candidate looks so far, until it is there", async () => {
    const seen = Promise.withResolvers<void>();
    const preview = (text: string, mediaType = "image/png") => ({ bytes: Buffer.from(text), mediaType });
    const previews = (runId: number) =>
      kit.db.many<{ bytes: Buffer; version: number; mediaType: string }>(
        `SELECT p.bytes, p.version, p.media_type AS "mediaType" FROM job_previews p JOIN jobs j ON j.id = p.job_id
         WHERE j.pipeline_run_id = $1`,
        [runId],
      );
    await using job = await oneJob(async ({ run }, { progress }) => {
      progress(0.1, "one", preview("one"));
      await kit.until(run.id, async () => (await previews(run.id)).length === 1);
      progress(0.2, "two", preview("two", "image/webp"));
      await kit.until(run.id, async () => (await jobOf(run.id)).message === "two");
      progress(0.3, "no picture", preview("<svg/>", "image/svg+xml"));
      await kit.until(run.id, async () => (await jobOf(run.id)).message === "no picture");
      progress(0.4, "too large", preview("x".repeat(1_048_577)));
      await seen.promise;
      return made();
    });
    await kit.until(job.runId, async () => (await jobOf(job.runId)).message === "too large");
    expect(await previews(job.runId)).toEqual([{ bytes: Buffer.from("two"), version: 2, mediaType: "image/webp" }]);
    seen.resolve();
    await kit.untilRun(job.runId, "COMPLETED");
    expect(await previews(job.runId)).toEqual([]);
  });

  it("keeps the log of an attempt that failed, and no odd number as progress", async () => {
    await using job = await oneJob(async (_request, { progress, log }) => {
      progress(Number.NaN, "odd");
      progress(7);
      log("It was like this.");
      throw new GeneratorError("It is broken.", { retryable: false });
    });
    await kit.untilRun(job.runId, "FAILED");
    expect(await jobOf(job.runId)).toMatchObject({ log: "It was like this.\n", error: "It is broken.", attempts: 1 });
    expect((await jobOf(job.runId)).progress).toBeLessThanOrEqual(1);
  });
});

describe("what is kept of a candidate", () => {
  it("model, cost, tokens, duration and warnings", async () => {
    await using job = await oneJob(async () => ({
      ...made(),
      usage: { model: "tiny-1", costUsd: 0.25, inputTokens: 12, outputTokens: 34 },
      warnings: ["It knows no seed.", ...Array.from({ length: 30 }, (_, index) => `warning ${index}`)],
    }));
    await kit.untilRun(job.runId, "COMPLETED");
    const kept = await kit.db.one<{ warnings: string[]; duration: number }>(
      `SELECT generator, model, cost_usd AS cost, input_tokens AS input, output_tokens AS output, warnings,
         duration_ms AS duration, imported_by_id AS by FROM candidates WHERE pipeline_run_id = $1`,
      [job.runId],
    );
    expect(kept).toMatchObject({ generator: job.name, model: "tiny-1", cost: 0.25, input: 12, output: 34, by: null });
    expect(kept.warnings).toHaveLength(20);
    expect(kept.duration).toBeGreaterThanOrEqual(0);
    expect(await jobOf(job.runId)).toMatchObject({ cost: 0.25 });
  });

  it("amounts that are none are left out", async () => {
    await using job = await oneJob(async () => ({
      ...made(),
      usage: { costUsd: Number.NaN, inputTokens: -4, outputTokens: 1e12 },
    }));
    await kit.untilRun(job.runId, "COMPLETED");
    expect(
      await kit.db.one(
        `SELECT cost_usd AS cost, input_tokens AS input, output_tokens AS output FROM candidates WHERE pipeline_run_id = $1`,
        [job.runId],
      ),
    ).toEqual({ cost: null, input: null, output: 2_147_483_647 });
  });

  it("a cost that cannot be is not counted, and the candidate says so", async () => {
    await using job = await oneJob(async () => ({ ...made(), usage: { costUsd: 1e300 } }));
    await kit.untilRun(job.runId, "COMPLETED");
    expect(
      await kit.db.one(`SELECT cost_usd AS cost, warnings FROM candidates WHERE pipeline_run_id = $1`, [job.runId]),
    ).toEqual({
      cost: null,
      warnings: ["The generator says that this has cost $1e+300, which is not believed and not counted."],
    });
    expect(await jobOf(job.runId)).toMatchObject({ cost: 0 });
  });

  it("nothing of an answer that cannot be written: the job fails once, and is not made again and again", async () => {
    const own = await engineKit();
    let calls = 0;
    const name = "odd";
    const odd = generator(name, async () => {
      calls += 1;
      return { ...made(), usage: { model: 7 as never } };
    });
    await own.worker([odd], { concurrency: 1 });
    const runId = await own.newRun([{ generator: name, maxChildren: 1 }]);
    await own.untilRun(runId, "FAILED");
    const [job] = await jobsOf(own, runId);
    expect([calls, job?.status]).toEqual([1, "FAILED"]);
    // The operator hears of it.
    await expect(own[Symbol.asyncDispose]()).rejects.toThrow();
  });

  it.each<[string, Generated, string]>([
    ["a text that is too long", made("x".repeat(1_000_001)), "The text is longer than 1000000 characters."],
    [
      "too much beside it",
      { ...made(), meta: { all: "x".repeat(270_000) } },
      "The generator keeps more than 256 kB beside the candidate.",
    ],
    [
      "too many bytes beside it, of fewer characters",
      { ...made(), meta: { all: "ü".repeat(140_000) } },
      "The generator keeps more than 256 kB beside the candidate.",
    ],
    [
      "more assets than one candidate has",
      { ...made(), assets: Array(21).fill({ bytes: Buffer.from("x"), mediaType: "image/png" }) },
      "There are 21 assets; a candidate has at most 20.",
    ],
    ["nothing", { assets: [], text: null, meta: {} }, "The generator made nothing: neither a text nor an asset."],
    [
      "what cannot be stored",
      { ...made(), meta: { odd: "a\0b" } },
      "What the generator keeps beside the candidate holds a null character, which cannot be stored.",
    ],
  ])("refuses %s at once, and counts what it has cost", async (_what, generated, message) => {
    await using job = await oneJob(async () => ({ ...generated, usage: { costUsd: 0.5 } }));
    await kit.untilRun(job.runId, "FAILED");
    expect(await jobOf(job.runId)).toMatchObject({ status: "FAILED", attempts: 1, error: message, cost: 0.5 });
  });
});

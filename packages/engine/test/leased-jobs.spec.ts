import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { type ClaimedJob, claimJob } from "../src/commands/claim-job.ts";
import { completeLeasedJob } from "../src/commands/complete-leased-job.ts";
import { failLeasedJob } from "../src/commands/fail-leased-job.ts";
import { heartbeat } from "../src/commands/heartbeat.ts";
import { ForbiddenError, InvalidInputError, LeaseLostError, RunNotActiveError } from "../src/errors.ts";
import { generatorsToPassOver } from "../src/jobs/busy-generators.ts";
import { expireLeases } from "../src/jobs/expired-leases.ts";
import type { Generator } from "../src/jobs/generator.ts";
import { fixedGenerators } from "../src/jobs/generator-source.ts";
import { deleteUnusedAssets } from "../src/jobs/unused-assets.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { eventsOf } from "./scenes.ts";

const elsewhere = (name: string, more: Partial<Generator> = {}): Generator => ({
  ...echoGenerator(name),
  runs: "elsewhere",
  ...more,
});
const GENERATORS = [
  echoGenerator(),
  elsewhere("far"),
  elsewhere("one", { concurrency: 1 }),
  elsewhere("paint", { media: "image" }),
];

/** As much of a picture as is looked at. */
const JPEG = Buffer.from("\xff\xd8\xff\xe0 and so on", "latin1");

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
});
afterAll(() => kit[Symbol.asyncDispose]());
// What an earlier test has left in the queue is nobody's here.
beforeEach(async () => {
  const runs = await kit.db.many<{ id: number }>(
    `SELECT id FROM pipeline_runs WHERE status IN ('RUNNING', 'WAITING_FOR_APPROVAL')`,
  );
  for (const { id } of runs) await abortRun(kit.engine, kit.actor, { runId: id });
});

const deps = () => ({ ...kit.engine, generators: fixedGenerators(GENERATORS)() });
const claim = async (name = "far", leaseSeconds = 60): Promise<ClaimedJob> => {
  const { job } = await claimJob(deps(), kit.actor, { generators: [name], leaseSeconds });
  if (!job) throw new Error("There was no job.");
  return job;
};
const claimNone = async (name = "far") =>
  expect(await claimJob(deps(), kit.actor, { generators: [name], leaseSeconds: 60 })).toEqual({
    job: null,
    askAgainAfterSeconds: expect.any(Number),
  });
const complete = (job: ClaimedJob, more: object = { text: "made elsewhere" }) =>
  completeLeasedJob(deps(), kit.actor, { leaseToken: job.lease.token, ...more });
const beat = (job: ClaimedJob, more: object = {}) =>
  heartbeat(kit.engine, kit.actor, { leaseToken: job.lease.token, leaseSeconds: 60, ...more });
/** As if so much time had passed. */
const endLease = (job: ClaimedJob) =>
  kit.db.query(`UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE id = $1`, [job.jobId]);
const jobRow = (job: ClaimedJob) =>
  kit.db.one<{ status: string; attempts: number; error: string | null }>(
    `SELECT status, attempts, error FROM jobs WHERE id = $1`,
    [job.jobId],
  );
/** As if the wait before the next attempt were over. */
const skipBackoff = () =>
  kit.db.query(
    `SELECT count(*) FROM graphile_worker.reschedule_jobs(ARRAY(SELECT id FROM graphile_worker.jobs), now())`,
  );

describe("a leased job", () => {
  it("is given with all that a generator is told, leaves the queue, and becomes a candidate", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 1, config: { a: 1 } }], {
      prompt: "a boat",
      n: 1,
    } as never);
    const job = await claim();
    expect(job).toMatchObject({
      runId,
      generator: "far",
      attempts: 0,
      ordinal: 1,
      run: { id: runId, prompt: "a boat" },
      step: { position: 1, config: { a: 1 } },
      parent: null,
      notes: [],
      feedback: [],
      lease: { token: expect.stringMatching(/^lease_\d+_/), expiresAt: expect.any(Date) },
    });
    expect(
      await kit.db.maybe(`SELECT 1 FROM graphile_worker.jobs WHERE key = $1`, [`job:${job.jobId}`]),
    ).toBeUndefined();
    const { candidateId } = await complete(job, {
      text: "a text",
      meta: { n: 1 },
      usage: { model: "m", costUsd: 0.25 },
      warnings: ["w"],
    });
    expect(
      await kit.db.one(
        `SELECT text, meta, generator, model, cost_usd AS cost, warnings FROM candidates WHERE id = $1`,
        [candidateId],
      ),
    ).toEqual({ text: "a text", meta: { n: 1 }, generator: "far", model: "m", cost: 0.25, warnings: ["w"] });
    expect(
      await kit.db.many(
        `SELECT type FROM run_events WHERE pipeline_run_id = $1 AND type IN ('job_started', 'candidate_created') ORDER BY seq`,
        [runId],
      ),
    ).toEqual([{ type: "job_started" }, { type: "candidate_created" }]);
  });

  it("goes to one of several that claim at once, and each gets another", async () => {
    await kit.newRun([{ generator: "far", maxChildren: 5 }]);
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => claimJob(deps(), kit.actor, { generators: ["far"], leaseSeconds: 60 })),
    );
    const ids = claims.flatMap(({ job }) => (job ? [job.jobId] : []));
    expect([ids.length, new Set(ids).size]).toEqual([5, 5]);
  });

  it("S5: comes from runs in turn", async () => {
    const large = await kit.newRun([{ generator: "far", maxChildren: 4 }]);
    const small = await kit.newRun([{ generator: "far", maxChildren: 2 }]);
    const runs = [];
    for (let i = 0; i < 4; i += 1) runs.push((await claim()).runId);
    expect(runs).toEqual([large, small, large, small]);
  });

  it("counts for its generator's limit", async () => {
    await kit.newRun([{ generator: "one", maxChildren: 2 }]);
    const first = await claim("one");
    await claimNone("one");
    await complete(first);
    await claim("one");
  });

  it("is found behind many of a generator that has its hands full", async () => {
    await kit.newRun([{ generator: "one", maxChildren: 25 }]);
    await claim("one");
    await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    // Those that are full come first.
    await kit.db.query(`UPDATE graphile_worker._private_jobs SET priority = 0 WHERE key IN (
      SELECT 'job:' || id FROM jobs WHERE generator = 'one')`);
    const { job } = await claimJob(deps(), kit.actor, { generators: ["one", "far"], leaseSeconds: 60 });
    expect(job?.generator).toBe("far");
  });

  it("is not made of a blank text", async () => {
    await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const job = await claim();
    await expect(complete(job, { text: " \n" })).rejects.toBeInstanceOf(InvalidInputError);
    await complete(job);
  });

  it("is told of once a second, and not at all by heartbeats that say nothing new", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const job = await claim();
    const told = () => eventsOf(kit, runId, "job_progressed");
    await beat(job);
    expect(await told()).toBe(0);
    await beat(job, { share: 0.1 });
    for (const share of [0.2, 0.3, 0.4]) {
      // However slow this machine is.
      await kit.db.query(`UPDATE jobs SET reported_at = now() WHERE id = $1`, [job.jobId]);
      await beat(job, { share });
    }
    expect(await told()).toBe(1);
    expect(await kit.db.one(`SELECT progress FROM jobs WHERE id = $1`, [job.jobId])).toEqual({ progress: 0.4 });
    await kit.db.query(`UPDATE jobs SET reported_at = now() - interval '2 seconds' WHERE id = $1`, [job.jobId]);
    await beat(job, { share: 0.4 });
    expect(await told()).toBe(1);
    await beat(job, { share: 0.5 });
    expect(await told()).toBe(2);
  });

  it("whose lease cannot be ended keeps nobody else's", async () => {
    await kit.newRun([{ generator: "far", maxChildren: 2 }]);
    const [broken, fine] = [await claim(), await claim()];
    await kit.db.query(`ALTER TABLE jobs ADD CONSTRAINT broken CHECK (id <> ${broken.jobId} OR attempts = 0)`);
    try {
      await endLease(broken);
      await endLease(fine);
      await expect(expireLeases(kit.engine)).rejects.toBeInstanceOf(AggregateError);
      expect(await jobRow(fine)).toMatchObject({ status: "QUEUED", attempts: 1 });
      // Nor does it keep anybody from claiming what there is.
      await kit.db.query(`UPDATE graphile_worker._private_jobs SET run_at = now() WHERE key = $1`, [
        `job:${fine.jobId}`,
      ]);
      expect(await claim()).toMatchObject({ jobId: fine.jobId });
    } finally {
      await kit.db.query(`ALTER TABLE jobs DROP CONSTRAINT broken`);
    }
  });

  it("is not started once its run's budget is spent", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 2 }]);
    await kit.db.query(`UPDATE pipeline_runs SET max_jobs = 1 WHERE id = $1`, [runId]);
    await complete(await claim());
    await claimNone();
  });

  it("is passed over by Sluice's own workers before there is one, so that none is kept from who claims it", async () => {
    expect(await generatorsToPassOver(kit.db, fixedGenerators(GENERATORS))).toEqual(["far", "one", "paint"]);
    expect(await generatorsToPassOver(kit.db, fixedGenerators([echoGenerator()]))).toEqual([]);
  });

  it("is left alone by Sluice's own workers, and stays with its holder when they come and go", async () => {
    await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const worker = await kit.worker(GENERATORS);
    const job = await claim();
    await worker[Symbol.asyncDispose]();
    expect(await jobRow(job)).toMatchObject({ status: "RUNNING" });
    await complete(job);
  });

  it("stays as long as heartbeats come, which tell how far it is", async () => {
    await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const job = await claim("far", 5);
    const { wanted, leaseExpiresAt } = await beat(job, {
      leaseSeconds: 600,
      share: 0.5,
      message: "half",
      textSoFar: "Once",
      log: ["a line"],
    });
    expect([wanted, leaseExpiresAt!.getTime() > Date.now() + 500_000]).toEqual([true, true]);
    expect(
      await kit.db.one(
        `SELECT progress, progress_message AS message, text_so_far AS text, log FROM jobs WHERE id = $1`,
        [job.jobId],
      ),
    ).toEqual({ progress: 0.5, message: "half", text: "Once", log: "a line\n" });
    expect(await expireLeases(kit.engine)).toBe(0);
    await complete(job);
  });

  it("shows how its candidate looks so far, until that is there", async () => {
    await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const job = await claim();
    const shown = () =>
      kit.db.maybe(`SELECT media_type AS "mediaType", bytes, version FROM job_previews WHERE job_id = $1`, [job.jobId]);
    await beat(job, { preview: JPEG.toString("base64") });
    expect(await shown()).toEqual({ mediaType: "image/jpeg", bytes: JPEG, version: 1 });
    const largest = Buffer.concat([JPEG], 1_048_576);
    await beat(job, { preview: largest.toString("base64") });
    expect(await shown()).toMatchObject({ bytes: largest, version: 2 });
    // What a heartbeat leaves out stays as it is.
    await beat(job, { share: 0.5 });
    expect(await shown()).toMatchObject({ version: 2 });
    await complete(job);
    expect(await shown()).toBeUndefined();
  });

  it("shows nothing of what was not finished once its run has ended", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const job = await claim();
    await beat(job, { preview: JPEG.toString("base64"), textSoFar: "Once" });
    await abortRun(kit.engine, kit.actor, { runId });
    expect(
      await kit.db.one(
        `SELECT text_so_far AS text, p AS preview FROM jobs LEFT JOIN job_previews p ON job_id = id WHERE id = $1`,
        [job.jobId],
      ),
    ).toEqual({ text: null, preview: null });
  });

  it("is told of when there is a new preview, and no more than once a second", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const job = await claim();
    const preview = JPEG.toString("base64");
    const reported = (when: string) => kit.db.query(`UPDATE jobs SET reported_at = ${when} WHERE id = $1`, [job.jobId]);
    await beat(job, { preview });
    await reported("now()");
    await beat(job, { preview });
    expect(await eventsOf(kit, runId, "job_progressed")).toBe(1);
    await reported("now() - interval '2 seconds'");
    await beat(job, { preview });
    expect(await eventsOf(kit, runId, "job_progressed")).toBe(2);
  });

  it("is not kept longer by a heartbeat whose preview cannot be shown, nor lost by it", async () => {
    await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const job = await claim("far", 60);
    const row = () =>
      kit.db.one(`SELECT status, progress, lease_expires_at AS "expiresAt" FROM jobs WHERE id = $1`, [job.jobId]);
    const before = await row();
    const gif = Buffer.from("GIF89a and so on").toString("base64");
    const refusals = [
      ["", "no picture. Send a PNG, JPEG or WebP"],
      [Buffer.from("<svg/>").toString("base64"), "no picture"],
      [gif, "of the type image/gif. Send a PNG, JPEG or WebP"],
      [`data:image/jpeg;base64,${JPEG.toString("base64")}`, "no base64"],
      [`${JPEG.toString("base64")}\n`, "no base64"],
      [Buffer.concat([JPEG], 1_048_577).toString("base64"), "has 1048577 bytes; at most 1048576 are shown"],
      [Buffer.concat([JPEG], 1_400_000).toString("base64"), "Send a smaller one"],
    ] as const;
    for (const [preview, words] of refusals) {
      const refused = beat(job, { preview, share: 0.9, leaseSeconds: 3_600 });
      await expect(refused).rejects.toMatchObject({ name: "InvalidInputError", field: "preview" });
      await expect(refused).rejects.toThrow(words);
    }
    expect(await row()).toEqual(before);
    expect(await beat(job)).toMatchObject({ wanted: true });
  });

  it("is lost when its lease ends: a late answer is refused, and the next one who asks gets it", async () => {
    await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const late = await claim();
    await endLease(late);
    // Refused already, though nobody has looked after the lease yet.
    await expect(complete(late)).rejects.toBeInstanceOf(LeaseLostError);
    await claimNone();
    expect(await jobRow(late)).toEqual({
      status: "QUEUED",
      attempts: 1,
      error: "Nobody answered before the lease ran out.",
    });
    await skipBackoff();
    const again = await claim();
    expect([again.jobId, again.seed, again.attempts]).toEqual([late.jobId, late.seed, 1]);
    for (const answer of [() => complete(late), () => beat(late), () => fail(late)]) {
      await expect(answer()).rejects.toBeInstanceOf(LeaseLostError);
    }
    await complete(again);
    await expect(complete(again)).rejects.toThrow("is done");
    expect((await kit.candidates(again.runId)).length).toBe(1);
  });

  const fail = (job: ClaimedJob, retryable = true, error = "no ink") =>
    failLeasedJob(kit.engine, kit.actor, { leaseToken: job.lease.token, error, retryable, usage: { costUsd: 1 } });

  it("is tried again after a failure that another attempt may mend, and given up after one that none does", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const first = await claim();
    await fail(first);
    expect(await jobRow(first)).toEqual({ status: "QUEUED", attempts: 1, error: "no ink" });
    await claimNone();
    await skipBackoff();
    await fail(await claim(), false, "never");
    expect(await jobRow(first)).toEqual({ status: "FAILED", attempts: 2, error: "never" });
    expect(await kit.db.one(`SELECT cost_usd AS cost FROM pipeline_runs WHERE id = $1`, [runId])).toEqual({ cost: 2 });
  });

  it("hears from its next heartbeat that nobody wants it any more", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 1 }]);
    const job = await claim();
    await abortRun(kit.engine, kit.actor, { runId });
    expect(await beat(job)).toEqual({ wanted: false, leaseExpiresAt: null });
    await expect(complete(job)).rejects.toThrow("Nobody wants");
    expect(await kit.candidates(runId)).toEqual([]);
  });

  it("has cost what it has, though nobody wants it: that counts once", async () => {
    const runId = await kit.newRun([{ generator: "far", maxChildren: 2 }]);
    const [one, two] = [await claim(), await claim()];
    await abortRun(kit.engine, kit.actor, { runId });
    const answer = { text: "late", usage: { costUsd: 0.25 } };
    await expect(complete(one, answer)).rejects.toThrow("Nobody wants");
    await expect(complete(one, answer)).rejects.toThrow(LeaseLostError);
    const failure = { leaseToken: two.lease.token, error: "too late", retryable: true, usage: { costUsd: 0.5 } };
    await expect(failLeasedJob(kit.engine, kit.actor, failure)).rejects.toThrow("Nobody wants");
    await expect(failLeasedJob(kit.engine, kit.actor, failure)).rejects.toThrow(LeaseLostError);
    expect(await kit.db.one(`SELECT cost_usd AS cost FROM pipeline_runs WHERE id = $1`, [runId])).toEqual({
      cost: 0.75,
    });
  });

  it("stays with its holder after an answer that cannot be used", async () => {
    await kit.newRun([{ generator: "paint", maxChildren: 1 }]);
    const picture = await claim("paint");
    const refusals = [
      [{ text: "no picture" }, "makes images"],
      [{ text: " \n" }, "makes images"],
      [{ assets: ["0".repeat(64)] }, "no asset"],
      [{ assets: [], meta: "x" }, "a mapping"],
      [{ text: "x", meta: { "\0": 1 } }, "null character"],
      [{ assets: Array(21).fill("x") }, "at most 20"],
      [{ assets: ["x"], meta: { big: "x".repeat(300_000) } }, "256 kB"],
    ] as const;
    for (const [answer, words] of refusals) {
      const refused = complete(picture, answer);
      await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
      await expect(refused).rejects.toThrow(words);
    }
    const sha256 = "a".repeat(64);
    await kit.db.query(
      `INSERT INTO assets (sha256, media_type, bytes, width, height) VALUES ($1, 'image/png', 10, 2, 2)`,
      [sha256],
    );
    const { candidateId } = await complete(picture, { assets: [sha256] });
    expect(await kit.db.many(`SELECT sha256 FROM candidate_assets WHERE candidate_id = $1`, [candidateId])).toEqual([
      { sha256 },
    ]);
  });

  it("keeps a picture that was uploaded long ago, though unused ones are deleted while it is answered", async () => {
    const runId = await kit.newRun([{ generator: "paint", maxChildren: 1 }]);
    const job = await claim("paint");
    const sha256 = "b".repeat(64);
    await kit.db.query(
      `INSERT INTO assets (sha256, media_type, bytes, width, height, created_at)
       VALUES ($1, 'image/png', 10, 2, 2, now() - interval '2 days')`,
      [sha256],
    );
    const holder = await kit.engine.pool.connect();
    await holder.query(`BEGIN; SELECT FROM pipeline_runs WHERE id = ${runId} FOR UPDATE`);
    const answered = complete(job, { assets: [sha256] });
    const waits = `SELECT count(*)::int AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await expect.poll(() => kit.db.one(waits)).toEqual({ waiting: 1 });
    const discarded: string[] = [];
    const discard = async (each: string) => discarded.push(each) > 0;
    await deleteUnusedAssets(kit.engine, { discard });
    await holder.query("COMMIT");
    holder.release();
    await answered;
    expect(discarded).toEqual([]);
  });

  it("makes at most one candidate of answers, an expiry and a cancellation that race", async () => {
    for (let i = 0; i < 6; i += 1) {
      const runId = await kit.newRun([{ generator: "far", maxChildren: 1 }]);
      const job = await claim();
      const asked = [() => complete(job), () => complete(job), () => fail(job), () => beat(job)];
      // Another is first each time.
      const inTurn = [...asked.slice(i % asked.length), ...asked.slice(0, i % asked.length)];
      const abort = () => abortRun(kit.engine, kit.actor, { runId });
      const answers = await Promise.allSettled([...inTurn, () => expireLeases(kit.engine), abort].map((ask) => ask()));
      for (const answer of answers) {
        if (answer.status === "fulfilled") continue;
        expect([LeaseLostError, RunNotActiveError]).toContain((answer.reason as Error).constructor);
      }
      const { status } = await jobRow(job);
      expect([(await kit.candidates(runId)).length, status]).toEqual(
        status === "COMPLETED" ? [1, "COMPLETED"] : [0, "CANCELLED"],
      );
    }
  });

  it("that a worker has handed on outlives the worker: whoever has it answers", async () => {
    const handed = Promise.withResolvers<string>();
    const handing: Generator = {
      ...echoGenerator("handing"),
      async generate(_request, { lease, signal }) {
        const stopped = new Promise<never>((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        });
        handed.resolve((await lease(60)).token);
        return await stopped;
      },
    };
    const worker = await kit.worker([handing]);
    const runId = await kit.newRun([{ generator: "handing", maxChildren: 1 }]);
    const leaseToken = await handed.promise;
    await worker[Symbol.asyncDispose]();
    // Nor does one that starts then take it up.
    await kit.worker([handing]);
    await completeLeasedJob(deps(), kit.actor, { leaseToken, text: "answered" });
    expect(await kit.candidates(runId, 1)).toMatchObject([{ text: "answered" }]);
    expect(await kit.db.one(`SELECT attempts_started AS started FROM pipeline_runs WHERE id = $1`, [runId])).toEqual({
      started: 1,
    });
  });

  it("is given to those who may operate, for generators that are done elsewhere, and for a sensible time", async () => {
    const approver = await kit.newActor("eve", "APPROVER");
    const input = { generators: ["far"], leaseSeconds: 60 };
    await expect(claimJob(deps(), approver, input)).rejects.toBeInstanceOf(ForbiddenError);
    await expect(claimJob(deps(), kit.actor, { ...input, generators: ["fat"] })).rejects.toThrow('Did you mean "far"?');
    await expect(claimJob(deps(), kit.actor, { ...input, generators: ["echo"] })).rejects.toThrow("own workers");
    await expect(claimJob(deps(), kit.actor, { ...input, generators: [] })).rejects.toThrow("at least one");
    await expect(claimJob(deps(), kit.actor, { ...input, leaseSeconds: 1 })).rejects.toThrow("5 to 3600");
    for (const token of ["", "lease_1", `lease_1_${"x".repeat(32)}`, `lease_999999999_${"x".repeat(32)}`]) {
      await expect(beat({ lease: { token } } as ClaimedJob)).rejects.toBeInstanceOf(LeaseLostError);
    }
  });
});

import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { type ClaimedJob, claimJob } from "../src/commands/claim-job.ts";
import { completeLeasedJob } from "../src/commands/complete-leased-job.ts";
import { failLeasedJob } from "../src/commands/fail-leased-job.ts";
import type { EngineDeps } from "../src/deps.ts";
import { LeaseLostError } from "../src/errors.ts";
import { expireLeases } from "../src/jobs/expired-leases.ts";
import { type Generator, GeneratorError } from "../src/jobs/generator.ts";
import { fixedGenerators } from "../src/jobs/generator-source.ts";
import { runJob } from "../src/jobs/job-runner.ts";
import { startJob } from "../src/jobs/start-job.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { jobsOf } from "./scenes.ts";

const far: Generator = { ...echoGenerator("far"), runs: "elsewhere" };

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

/** What the job and its run have cost, which is the same where the run has one job. */
async function costs(runId: number): Promise<number> {
  const { run, jobs } = await kit.db.one<{ run: number; jobs: number }>(
    `SELECT cost_usd AS run, (SELECT sum(cost_usd) FROM jobs WHERE pipeline_run_id = r.id) AS jobs
     FROM pipeline_runs r WHERE id = $1`,
    [runId],
  );
  expect(jobs).toBe(run);
  return run;
}

/** The engine on connections of which one is cut at a COMMIT that took place, once `lose` was called. */
function cutAtCommit(): EngineDeps & { lose(): void } {
  let loses = false;
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await kit.engine.pool.connect();
    return new Proxy(client, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (name !== "query") return typeof value === "function" ? value.bind(target) : value;
        return async (text: string, values?: unknown[]) => {
          const answer = await target.query(text, values);
          if (text !== "COMMIT" || !loses) return answer;
          loses = false;
          throw new Error("Connection terminated unexpectedly");
        };
      },
    });
  };
  const pool = new Proxy(kit.engine.pool, {
    get(target, name) {
      if (name === "connect") return connect;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const lose = (): void => {
    loses = true;
  };
  return { ...kit.engine, pool, lose };
}

describe("what an attempt has cost counts once, though the database's answer is lost", () => {
  async function attempt(ends: () => ReturnType<Generator["generate"]>): Promise<{ runId: number; errors: unknown[] }> {
    const name = "local";
    const runId = await kit.newRun([{ generator: name, maxChildren: 1 }]);
    const [job] = await jobsOf(kit, runId);
    const held = await startJob(kit.engine, job!.id, { workerId: null, concurrencyOf: () => null });
    if (held === null || held === "busy") throw new Error("The job could not be started.");
    const engine = cutAtCommit();
    const generator: Generator = {
      ...echoGenerator(name),
      async generate() {
        engine.lose();
        return await ends();
      },
    };
    const errors: unknown[] = [];
    const noAssets = (): Promise<never> => Promise.reject(new Error("These tests make no assets."));
    const deps = {
      engine,
      generators: fixedGenerators([generator]),
      assets: { put: noAssets, read: noAssets, discard: noAssets },
      onError: (error: unknown) => void errors.push(error),
    };
    await runJob(deps, held, new AbortController());
    return { runId, errors };
  }

  it("of a failure", async () => {
    const { runId, errors } = await attempt(() =>
      Promise.reject(new GeneratorError("no ink", { retryable: true, usage: { costUsd: 0.5 } })),
    );
    expect(errors).toEqual([new Error("Connection terminated unexpectedly")]);
    expect(await costs(runId)).toBe(0.5);
    expect(await kit.db.one(`SELECT status, attempts, error FROM jobs WHERE pipeline_run_id = $1`, [runId])).toEqual({
      status: "QUEUED",
      attempts: 1,
      error: "no ink",
    });
  });

  it("of a candidate, which is there once", async () => {
    const { runId, errors } = await attempt(() =>
      Promise.resolve({ text: "made", assets: [], meta: {}, usage: { costUsd: 0.25 } }),
    );
    expect(errors).toHaveLength(1);
    expect(await costs(runId)).toBe(0.25);
    expect(await kit.candidates(runId)).toHaveLength(1);
  });
});

describe("what a leased attempt has cost counts once", () => {
  const deps = (engine: EngineDeps = kit.engine) => ({ ...engine, generators: fixedGenerators([far])() });
  /** One job, on lease; nothing of other runs waits. */
  async function claimed(more: object = {}): Promise<ClaimedJob> {
    const runId = await kit.newRun([{ generator: far.name, maxChildren: 1 }], more);
    return await claimOf(runId);
  }
  async function claimOf(runId: number): Promise<ClaimedJob> {
    const { job } = await claimJob(deps(), kit.actor, { generators: [far.name], leaseSeconds: 60 });
    if (job?.runId !== runId) throw new Error("The run has no job to claim.");
    return job;
  }
  const complete = (job: ClaimedJob, costUsd: number, engine?: EngineDeps) =>
    completeLeasedJob(deps(engine), kit.actor, { leaseToken: job.lease.token, text: "made", usage: { costUsd } });
  const fail = (job: ClaimedJob, costUsd: number, engine: EngineDeps = kit.engine) =>
    failLeasedJob(engine, kit.actor, {
      leaseToken: job.lease.token,
      error: "no ink",
      retryable: true,
      usage: { costUsd },
    });
  const refused = async (answer: Promise<unknown>) => await expect(answer).rejects.toBeInstanceOf(LeaseLostError);
  const endLease = (job: ClaimedJob) =>
    kit.db.query(`UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE id = $1`, [job.jobId]);
  const skipBackoff = () =>
    kit.db.query(
      `SELECT count(*) FROM graphile_worker.reschedule_jobs(ARRAY(SELECT id FROM graphile_worker.jobs), now())`,
    );

  it("when its failure is told again, because the reply was lost", async () => {
    const job = await claimed();
    const engine = cutAtCommit();
    engine.lose();
    await expect(fail(job, 0.5, engine)).rejects.toThrow("Connection terminated");
    await refused(fail(job, 0.5));
    expect(await costs(job.runId)).toBe(0.5);
  });

  it("when its candidate is sent again, because the reply was lost", async () => {
    const job = await claimed();
    const engine = cutAtCommit();
    engine.lose();
    await expect(complete(job, 0.5, engine)).rejects.toThrow("Connection terminated");
    await expect(complete(job, 0.5)).rejects.toThrow("is done");
    expect(await costs(job.runId)).toBe(0.5);
  });

  it.each([
    ["a candidate", complete],
    ["a failure", fail],
  ])("when it comes after the lease, with %s, and that of the next attempt beside it", async (_what, answer) => {
    const late = await claimed();
    await endLease(late);
    // Nobody has looked after the lease yet.
    await refused(answer(late, 1));
    expect(await costs(late.runId)).toBe(1);
    await expireLeases(kit.engine);
    await refused(answer(late, 1));
    await skipBackoff();
    const again = await claimOf(late.runId);
    await refused(answer(late, 1));
    expect(await costs(late.runId)).toBe(1);
    expect(await kit.candidates(late.runId)).toEqual([]);
    await complete(again, 0.25);
    await refused(answer(late, 1));
    expect(await costs(late.runId)).toBe(1.25);
    expect(await kit.candidates(late.runId)).toHaveLength(1);
  });

  it("when it is told first after the job was made by somebody else", async () => {
    const late = await claimed();
    await endLease(late);
    await expireLeases(kit.engine);
    await skipBackoff();
    await complete(await claimOf(late.runId), 0.25);
    await expect(complete(late, 1)).rejects.toThrow("is done");
    expect(await costs(late.runId)).toBe(1.25);
  });

  it("against the run's budget, which may be spent by it", async () => {
    const late = await claimed({ maxCostUsd: 1 });
    await endLease(late);
    await expireLeases(kit.engine);
    await skipBackoff();
    await refused(complete(late, 1.5));
    const { job } = await claimJob(deps(), kit.actor, { generators: [far.name], leaseSeconds: 60 });
    expect(job).toBeNull();
    expect(await costs(late.runId)).toBe(1.5);
  });

  it.each([
    ["a candidate", complete],
    ["a failure", fail],
  ])("when the job is lost while %s is being written", async (_what, answer) => {
    const job = await claimed();
    const holder = await kit.engine.pool.connect();
    try {
      await holder.query(`BEGIN; SELECT FROM pipeline_runs WHERE id = ${job.runId} FOR UPDATE`);
      const answered = refused(answer(job, 0.5));
      const waits = `SELECT count(*)::int AS waiting FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      await expect.poll(() => kit.db.one(waits), { timeout: 30_000 }).toEqual({ waiting: 1 });
      await holder.query(`UPDATE jobs SET status = 'CANCELLED', finished_at = now() WHERE id = ${job.jobId}; COMMIT`);
      await answered;
    } finally {
      holder.release();
    }
    await refused(answer(job, 0.5));
    expect(await costs(job.runId)).toBe(0.5);
    expect(await kit.candidates(job.runId)).toEqual([]);
  });

  it("of nobody who has no token of it", async () => {
    const job = await claimed();
    const forged = { ...job, lease: { ...job.lease, token: `lease_${job.jobId}_${"x".repeat(32)}` } };
    await refused(complete(forged, 1_000));
    expect(await costs(job.runId)).toBe(0);
    await complete(job, 0.5);
  });
});

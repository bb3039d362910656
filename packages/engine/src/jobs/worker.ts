import { EventEmitter } from "node:events";
import { hostname } from "node:os";
import { Logger, run, type WorkerEvents } from "graphile-worker";
import { checkStalls } from "../commands/check-stalls.ts";
import { queryable } from "../db/queryable.ts";
import type { Engine } from "../engine.ts";
import { changes } from "../events/changes.ts";
import type { AssetStore } from "./asset-store.ts";
import type { Generator } from "./generator.ts";
import { runJob } from "./job-runner.ts";
import { GENERATE_TASK } from "./queue.ts";
import { recoverJobs, requeueJobsOf, resumeRuns } from "./recover-jobs.ts";
import { startJob } from "./start-job.ts";
import { registerWorker } from "./worker-lock.ts";

export interface WorkerOptions {
  readonly engine: Engine;
  readonly generators: readonly Generator[];
  readonly assets: AssetStore;
  /** Jobs at a time. */
  readonly concurrency: number;
  readonly onError: (error: unknown) => void;
}

/** A worker that makes candidates until it is disposed of. */
export interface Worker extends AsyncDisposable {
  readonly id: number;
}

/** How often a worker looks for dead ones and for stalls. */
const HOUSEKEEPING_MS = 2_000;

/**
 * Starts a worker on this process. Any number of them, on any machines, share one database; each looks after what
 * dead ones left. When it is disposed of, it stops its generators and gives its jobs back.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { engine, onError } = options;
  const registration = await registerWorker(engine.pool, `${hostname()}:${process.pid}`, onError);
  const generators = new Map(options.generators.map((generator) => [generator.name, generator]));
  const running = new Map<number, AbortController>();
  let ending = false;

  await recoverJobs(engine);
  await resumeRuns(engine);

  const events: WorkerEvents = new EventEmitter();
  const runnerIds: string[] = [];
  events.on("worker:create", ({ worker }) => {
    runnerIds.push(worker.workerId);
    void queryable(engine.pool)
      .query(`UPDATE workers SET runner_ids = $2 WHERE id = $1`, [registration.id, runnerIds])
      .catch(onError);
  });
  const runner = await run({
    pgPool: engine.pool,
    concurrency: options.concurrency,
    pollInterval: 1_000,
    noHandleSignals: true,
    events,
    // Its own words would repeat ours; what goes wrong comes through `onError`.
    logger: new Logger(() => (level, message) => {
      if (level === "error") onError(new Error(`Queue: ${message}`));
    }),
    taskList: {
      [GENERATE_TASK]: async (payload) => {
        const { jobId } = payload as { jobId: number };
        if (ending) return;
        const held = await startJob(engine, jobId, registration.id);
        if (!held) return;
        const stop = new AbortController();
        running.set(jobId, stop);
        try {
          await runJob({ engine, generators, assets: options.assets, onError }, held, stop);
        } finally {
          running.delete(jobId);
        }
      },
    },
  });

  const cancellations = changes(engine.tail, (event) => (event.type === "jobs_cancelled" ? [event.runId] : []));
  const stopCancelled = async (): Promise<void> => {
    for await (const _runs of cancellations) {
      const gone = await queryable(engine.pool).many<{ id: number }>(
        `SELECT id FROM jobs WHERE id = ANY($1) AND status <> 'RUNNING'`,
        [[...running.keys()]],
      );
      for (const { id } of gone) running.get(id)?.abort();
    }
  };
  const watching = stopCancelled().catch(onError);

  const housekeeping = setInterval(() => {
    void recoverJobs(engine).catch(onError);
    void checkStalls(engine).catch(onError);
  }, HOUSEKEEPING_MS);

  return {
    id: registration.id,
    async [Symbol.asyncDispose]() {
      if (ending) return;
      ending = true;
      clearInterval(housekeeping);
      await cancellations.return?.();
      await watching;
      const jobs = [...running.values()];
      // Aborted first: a job that fails because it was stopped is no failure.
      for (const stop of jobs) stop.abort();
      await runner.stop();
      await requeueJobsOf(engine, registration.id);
      await registration[Symbol.asyncDispose]();
    },
  };
}

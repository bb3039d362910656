import { hostname } from "node:os";
import { throughOutages } from "../db/outage.ts";
import { queryable } from "../db/queryable.ts";
import type { Engine } from "../engine.ts";
import { changes } from "../events/changes.ts";
import { continueLog } from "../events/continue-log.ts";
import type { AssetStore } from "./asset-store.ts";
import { generatorsToPassOver } from "./busy-generators.ts";
import { leftWorkDiscarder } from "./discard-left-work.ts";
import { expireLeases } from "./expired-leases.ts";
import { type Generator, JobStopped } from "./generator.ts";
import { fixedGenerators, type GeneratorSource, runHere } from "./generator-source.ts";
import { runJob } from "./job-runner.ts";
import { enqueueJobs } from "./queue.ts";
import { startQueueRunner } from "./queue-runner.ts";
import { recoverJobs, requeueJobsOf, requeueRunning, resumeRuns } from "./recover-jobs.ts";
import { startJob } from "./start-job.ts";
import { deleteUnusedAssets } from "./unused-assets.ts";
import { registerWorker } from "./worker-lock.ts";

export interface WorkerOptions {
  readonly engine: Engine;
  /** A function where they may change while the worker runs. */
  readonly generators: GeneratorSource | readonly Generator[];
  readonly assets: AssetStore;
  /** Jobs at a time. */
  readonly concurrency: number;
  readonly onError: (error: unknown) => void;
}

/** A worker that makes candidates until it is disposed of. */
export interface Worker extends AsyncDisposable {
  readonly id: number;
}

/** How often a worker looks for dead ones and for jobs that nobody holds. */
const HOUSEKEEPING_MS = 2_000;
/** How often it looks for uploads that nobody has used. */
const ASSETS_MS = 15 * 60_000;

/**
 * Starts a worker on this process. Any number of them, on any machines, share one database; each looks after what
 * dead ones left. When it is disposed of, it stops its generators and gives its jobs back.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { engine, onError } = options;
  await using starting = new AsyncDisposableStack();
  await continueLog(engine);
  const registration = starting.use(await registerWorker(engine.pool, `${hostname()}:${process.pid}`, onError));
  const generators =
    typeof options.generators === "function" ? options.generators : fixedGenerators(options.generators);
  const taker = {
    workerId: registration.id,
    // Of a generator that is not here, none.
    concurrencyOf(name: string) {
      const generator = generators().get(name);
      return !generator || generator.runs === "elsewhere" ? 0 : (generator.concurrency ?? null);
    },
  };
  /** From before a job is asked for until its result is written. */
  const held = new Map<number, AbortController>();
  let ending = false;

  await recoverJobs(engine);
  await resumeRuns(engine);
  let announced = "";
  const announce = async (): Promise<void> => {
    const names = runHere(generators).map(({ name }) => name);
    if (names.join("\n") === announced) return;
    await queryable(engine.pool).query(`UPDATE workers SET generators = $2 WHERE id = $1`, [registration.id, names]);
    announced = names.join("\n");
  };
  await announce();

  // Last of what is awaited: a start that failed after it would leave a runner that takes jobs for a worker that has stopped.
  const runner = await startQueueRunner({
    pool: engine.pool,
    concurrency: options.concurrency,
    onError,
    onRunner(runnerId) {
      void queryable(engine.pool)
        .query(`UPDATE workers SET runner_ids = array_append(runner_ids, $2) WHERE id = $1`, [
          registration.id,
          runnerId,
        ])
        .catch(onError);
    },
    passOver: () => generatorsToPassOver(queryable(engine.pool), generators),
    async perform(jobId) {
      if (ending || held.has(jobId)) {
        // The entry is deleted when this returns, so the job gets another one. A job that is still held here was taken
        // over after an outage: its first attempt ends when it finds that out.
        return await enqueueJobs(queryable(engine.pool), [jobId], { firstPlace: 1, delaySeconds: ending ? 0 : 1 });
      }
      const stop = new AbortController();
      held.set(jobId, stop);
      try {
        const waiting = { signal: stop.signal, onError };
        const job = await throughOutages(() => startJob(engine, jobId, taker), waiting);
        // Another worker was faster: it stays queued until one of its generator's jobs is done.
        if (job === "busy") await enqueueJobs(queryable(engine.pool), [jobId], { firstPlace: 1, delaySeconds: 1 });
        else if (job) await runJob({ engine, generators, assets: options.assets, onError }, job, stop);
      } finally {
        held.delete(jobId);
      }
    },
  });

  const stopCancelled = async (): Promise<void> => {
    if (held.size === 0) return;
    const gone = await queryable(engine.pool).many<{ id: number }>(
      `SELECT id FROM jobs WHERE id = ANY($1) AND status NOT IN ('QUEUED', 'RUNNING')`,
      [[...held.keys()]],
    );
    for (const { id } of gone) held.get(id)?.abort(new JobStopped("unwanted"));
  };
  const cancellations = changes(engine.tail, (event) => (event.type === "jobs_cancelled" ? [event.runId] : []));
  const watchCancelled = async (): Promise<void> => {
    for await (const _runs of cancellations) await stopCancelled().catch(onError);
  };
  const watching = watchCancelled();

  let tidying: Promise<void> | undefined;
  // Not while the process starts: others may wait for it.
  let assetsDue = Date.now() + ASSETS_MS;
  const tidyAssets = async (): Promise<void> => {
    if (Date.now() < assetsDue) return;
    assetsDue = Date.now() + ASSETS_MS;
    await deleteUnusedAssets(engine, options.assets);
  };
  const discardLeftWork = leftWorkDiscarder({ engine, generators, onError });
  const endsDiscarding = new AbortController();
  let discarding: Promise<void> | undefined;
  const tidy = async (): Promise<void> => {
    await announce().catch(onError);
    await recoverJobs(engine).catch(onError);
    await expireLeases(engine).catch(onError);
    await requeueRunning(engine, registration.id, (jobId) => !held.has(jobId)).catch(onError);
    // Whoever was told of a cancellation may not have been able to look.
    await stopCancelled().catch(onError);
    await tidyAssets().catch(onError);
    // By itself: a server that does not answer must not keep the worker from what else there is to do.
    discarding ??= discardLeftWork(endsDiscarding.signal).finally(() => {
      discarding = undefined;
    });
    tidying = undefined;
  };
  const housekeeping = setInterval(() => {
    tidying ??= tidy();
  }, HOUSEKEEPING_MS);

  // From here on whoever called disposes of it.
  starting.move();
  return {
    id: registration.id,
    async [Symbol.asyncDispose]() {
      if (ending) return;
      ending = true;
      clearInterval(housekeeping);
      await cancellations.return?.();
      await watching;
      await tidying;
      endsDiscarding.abort();
      await discarding;
      // Aborted first: a job that fails because it was stopped is no failure.
      for (const stop of held.values()) stop.abort(new JobStopped("worker-ends"));
      await runner[Symbol.asyncDispose]();
      await requeueJobsOf(engine, registration.id);
      await registration[Symbol.asyncDispose]();
    },
  };
}

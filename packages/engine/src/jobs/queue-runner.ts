import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Logger, type Runner, run, type WorkerEvents } from "graphile-worker";
import type pg from "pg";
import { flagsOf, GENERATE_TASK } from "./queue.ts";

export interface QueueRunnerOptions {
  readonly pool: pg.Pool;
  /** Jobs at a time. */
  readonly concurrency: number;
  /** Sees to one job; its queue entry is deleted afterwards, whoever holds it by then. */
  readonly perform: (jobId: number) => Promise<void>;
  /** Generators whose jobs are passed over now. Asked before each entry is taken. */
  readonly passOver: () => Promise<readonly string[]>;
  /** Hears the name under which entries are locked from now on. */
  readonly onRunner: (runnerId: string) => void;
  readonly onError: (error: unknown) => void;
}

const RESTART_MS = 500;
/** For what is left to delete when nothing is worked on any more. */
const GRACE_MS = 2_000;

/**
 * Takes entries from the queue until it is disposed of. graphile-worker ends its pool for good when an entry cannot
 * be deleted, as when the database is away for a moment; another is then started, under a new name.
 */
export async function startQueueRunner(options: QueueRunnerOptions): Promise<AsyncDisposable> {
  const ending = new AbortController();
  let begun = await begin(options);
  const keepRunning = async (): Promise<void> => {
    for (;;) {
      await begun.idle;
      for (let started = false; !started; ) {
        await sleep(RESTART_MS, undefined, { signal: ending.signal }).catch(() => undefined);
        if (ending.signal.aborted) return;
        try {
          begun = await begin(options);
          started = true;
        } catch (error) {
          options.onError(error);
        }
      }
      if (ending.signal.aborted) await stop(begun);
    }
  };
  const kept = keepRunning();
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await stop(begun);
      await kept;
    },
  };
}

interface Begun {
  readonly runner: Runner;
  /**
   * Resolves when it takes no entries any more and has seen to those it took. Its own promise may never tell: after
   * several entries could not be deleted, it waits for a count to reach zero that is below.
   * https://github.com/graphile/worker/issues/636
   */
  readonly idle: Promise<void>;
}

async function begin({ pool, concurrency, perform, passOver, onRunner, onError }: QueueRunnerOptions): Promise<Begun> {
  const events: WorkerEvents = new EventEmitter();
  const idle = Promise.withResolvers<void>();
  let working = 0;
  events.on("pool:create", ({ workerPool }) => onRunner(workerPool.id));
  events.on("worker:create", () => {
    working += 1;
  });
  events.on("worker:stop", () => {
    working -= 1;
    if (working === 0) idle.resolve();
  });
  const runner = await run({
    pgPool: pool,
    concurrency,
    pollInterval: 1_000,
    noHandleSignals: true,
    events,
    forbiddenFlags: async () => flagsOf(await passOver()),
    // Without a delay, an entry that cannot be deleted is a rejection that nobody handles, which ends the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    // Its own words would repeat ours; what goes wrong comes through `onError`.
    logger: new Logger(() => (level, message) => {
      if (level === "error") onError(new Error(`Queue: ${message}`));
    }),
    taskList: { [GENERATE_TASK]: async (payload) => await perform((payload as { jobId: number }).jobId) },
  });
  void runner.promise.catch(onError).then(idle.resolve);
  return { runner, idle: idle.promise };
}

/** Resolves when its tasks have ended; one that has stopped by itself says so with a rejection. */
async function stop({ runner, idle }: Begun): Promise<void> {
  await Promise.race([
    runner.stop().catch(() => undefined),
    idle.then(() => sleep(GRACE_MS, undefined, { ref: false })),
  ]);
}

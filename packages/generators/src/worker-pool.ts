import { Worker } from "node:worker_threads";
import { GeneratorError } from "@sluice/engine";

/** What a pool sends to a thread. */
export interface ThreadOrder<Task> {
  readonly id: number;
  readonly task: Task;
}

/** What a thread answers. `failed` is for errors that the task itself threw: the thread goes on. */
export type ThreadAnswer<Result> =
  | { readonly id: number; readonly kind: "progress"; readonly share: number }
  | { readonly id: number; readonly kind: "done"; readonly result: Result }
  | { readonly id: number; readonly kind: "failed"; readonly message: string };

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

export interface WorkerPool<Task, Result> extends AsyncDisposable {
  /**
   * Runs one task on a thread of its own; waits when all are busy, first come first served.
   * @throws GeneratorError, retryable when the thread broke and not retryable when the task threw; an `AbortError`
   *   as soon as the signal aborts, the thread having been told to end.
   */
  run(task: Task, options?: RunOptions): Promise<Result>;
}

interface Pending<Task, Result> {
  readonly order: ThreadOrder<Task>;
  readonly onProgress: ((share: number) => void) | undefined;
  readonly settle: (outcome: { result: Result } | { error: unknown }) => void;
}

/**
 * Threads that make candidates while the process goes on answering requests.
 *
 * A thread starts when it is first needed and is kept. A computation cannot be interrupted from outside, so an abort
 * ends its thread (about 2 ms), and the next task starts another (about 60 ms). An idle thread keeps no process alive.
 *
 * @param entry module that serves tasks through `serveTasks`
 */
export function createWorkerPool<Task, Result>({
  entry,
  size,
}: {
  entry: URL;
  size: number;
}): WorkerPool<Task, Result> {
  type Job = Pending<Task, Result>;
  const waiting: Job[] = [];
  const busy = new Map<Worker, Job>();
  const idle: Worker[] = [];
  const ending = new Set<Promise<unknown>>();
  let lastId = 0;
  let disposed = false;

  const end = (worker: Worker): void => {
    const ended = worker.terminate().finally(() => ending.delete(ended));
    ending.add(ended);
  };

  const start = (): Worker => {
    const worker = new Worker(entry);
    worker.on("message", (answer: ThreadAnswer<Result>) => {
      const job = busy.get(worker);
      // The answer to a task that was given up meanwhile.
      if (job === undefined || job.order.id !== answer.id) return;
      if (answer.kind === "progress") {
        job.onProgress?.(answer.share);
        return;
      }
      busy.delete(worker);
      worker.unref();
      idle.push(worker);
      if (answer.kind === "done") job.settle({ result: answer.result });
      else job.settle({ error: new GeneratorError(answer.message, { retryable: false }) });
      dispatch();
    });
    const broke = (cause: unknown): void => {
      const job = busy.get(worker);
      busy.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
      job?.settle({
        error: new GeneratorError("The thread that was making this candidate ended unexpectedly.", {
          retryable: true,
          cause,
        }),
      });
      dispatch();
    };
    worker.on("error", broke);
    worker.on("exit", (code) => broke(new Error(`exit code ${code}`)));
    return worker;
  };

  const dispatch = (): void => {
    while (!disposed && waiting.length > 0 && (idle.length > 0 || busy.size < size)) {
      const job = waiting.shift()!;
      const worker = idle.pop() ?? start();
      busy.set(worker, job);
      worker.ref();
      worker.postMessage(job.order);
    }
  };

  const giveUp = (job: Job): void => {
    const at = waiting.indexOf(job);
    if (at >= 0) waiting.splice(at, 1);
    for (const [worker, running] of busy) {
      if (running === job) {
        busy.delete(worker);
        end(worker);
      }
    }
  };

  return {
    run(task, { signal, onProgress } = {}) {
      return new Promise<Result>((resolve, reject) => {
        if (disposed) {
          reject(closed());
          return;
        }
        if (signal?.aborted) {
          reject(abortError(signal));
          return;
        }
        lastId += 1;
        const onAbort = (): void => {
          giveUp(job);
          job.settle({ error: abortError(signal!) });
          dispatch();
        };
        const job: Job = {
          order: { id: lastId, task },
          onProgress,
          settle: (outcome) => {
            signal?.removeEventListener("abort", onAbort);
            if ("result" in outcome) resolve(outcome.result);
            else reject(outcome.error);
          },
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        waiting.push(job);
        dispatch();
      });
    },

    async [Symbol.asyncDispose]() {
      disposed = true;
      for (const job of [...waiting.splice(0), ...busy.values()]) job.settle({ error: closed() });
      for (const worker of [...busy.keys(), ...idle]) end(worker);
      busy.clear();
      idle.length = 0;
      await Promise.all(ending);
    },
  };
}

function closed(): GeneratorError {
  return new GeneratorError("The generators are shutting down; this candidate will be made after the restart.", {
    retryable: true,
  });
}

function abortError(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && reason.name === "AbortError") return reason;
  return new DOMException("The candidate is no longer wanted.", "AbortError");
}

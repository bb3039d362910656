import { parentPort } from "node:worker_threads";
import type { ThreadAnswer, ThreadOrder } from "./worker-pool.ts";

/**
 * The thread's side of a worker pool: does one task after the other. It imports nothing of the engine but types, so that a
 * thread starts without loading a database client.
 */
export function serveTasks<Task, Result>(work: (task: Task, onProgress: (share: number) => void) => Result): void {
  const port = parentPort;
  if (port === null) throw new Error("serveTasks() belongs into a worker thread.");
  const answer = (message: ThreadAnswer<Result>): void => port.postMessage(message);
  port.on("message", ({ id, task }: ThreadOrder<Task>) => {
    try {
      const result = work(task, (share) => answer({ id, kind: "progress", share }));
      answer({ id, kind: "done", result });
    } catch (error) {
      answer({ id, kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  });
}

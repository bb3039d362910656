import { threadId } from "node:worker_threads";
import { serveTasks } from "../serve-tasks.ts";

/** A thread for the pool's tests that can be told to misbehave. */
export type OddTask = "work" | "throw" | "crash" | "exit" | "hang";

serveTasks<OddTask, number>((task, onProgress) => {
  onProgress(0.5);
  switch (task) {
    case "work":
      return threadId;
    case "throw":
      throw new Error("The task did not like its input.");
    case "crash":
      // After the answer: an error of the thread itself, outside any task.
      setImmediate(() => {
        throw new Error("out of the blue");
      });
      return 0;
    case "exit":
      return process.exit(3);
    case "hang":
      for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    default:
      return task satisfies never;
  }
});

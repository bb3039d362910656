import { GeneratorError } from "@sluice/engine";
import { describe, expect, it } from "vitest";
import type { OddTask } from "./testing/odd-thread.ts";
import { createWorkerPool } from "./worker-pool.ts";

const oddPool = (size = 1) =>
  createWorkerPool<OddTask, number>({ entry: new URL("./testing/odd-thread.ts", import.meta.url), size });

/** Resolves with the error that a promise is rejected with. */
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("should have failed"),
    (error: unknown) => error,
  );

describe("worker pool", () => {
  it("keeps its threads, and runs off the caller's", async () => {
    await using pool = oddPool();
    const thread = await pool.run("work");
    expect(thread).toBeGreaterThan(0);
    expect(await pool.run("work")).toBe(thread);
  });

  it("uses as many threads as it may, and lets the rest wait their turn", async () => {
    await using pool = oddPool(2);
    const threads = await Promise.all(Array.from({ length: 8 }, () => pool.run("work")));
    expect(new Set(threads).size).toBe(2);
  });

  it("passes progress on", async () => {
    await using pool = oddPool();
    const shares: number[] = [];
    await pool.run("work", { onProgress: (share) => shares.push(share) });
    expect(shares).toEqual([0.5]);
  });

  it("gives a task's own error back as one that no retry mends, and goes on with the thread", async () => {
    await using pool = oddPool();
    const thread = await pool.run("work");
    const error = await failure(pool.run("throw"));
    expect(error).toBeInstanceOf(GeneratorError);
    expect(error).toMatchObject({ retryable: false, message: "The task did not like its input." });
    expect(await pool.run("work")).toBe(thread);
  });

  it.each(["exit", "hang"] as const)("ends a thread at once when its task is aborted (%s is next)", async (next) => {
    await using pool = oddPool();
    const thread = await pool.run("work");
    const controller = new AbortController();
    const hanging = pool.run("hang", { signal: controller.signal, onProgress: () => controller.abort() });
    const waiting = pool.run("work");
    expect(await failure(hanging)).toMatchObject({ name: "AbortError" });
    expect(await waiting).not.toBe(thread);
    // What is still running when the pool is disposed must not keep it.
    failure(pool.run(next)).catch(() => {});
  });

  it("does not start what was aborted while it waited, or before", async () => {
    await using pool = oddPool();
    const first = new AbortController();
    const second = new AbortController();
    const hanging = failure(pool.run("hang", { signal: first.signal }));
    const waiting = failure(pool.run("work", { signal: second.signal }));
    second.abort(new Error("no longer wanted"));
    expect(await waiting).toMatchObject({ name: "AbortError" });
    expect(await failure(pool.run("work", { signal: AbortSignal.abort() }))).toMatchObject({ name: "AbortError" });
    first.abort();
    expect(await hanging).toMatchObject({ name: "AbortError" });
  });

  it("makes a thread's end a retryable error, and replaces the thread", async () => {
    await using pool = oddPool();
    const error = await failure(pool.run("exit"));
    expect(error).toBeInstanceOf(GeneratorError);
    expect(error).toMatchObject({ retryable: true });
    expect(await pool.run("work")).toBeGreaterThan(0);
  });

  it("goes on after an error outside any task", async () => {
    await using pool = oddPool();
    // The error may arrive before the answer, or after the thread has taken its next task: each is one to try again.
    const retryable = (error: unknown) => expect(error).toMatchObject({ retryable: true });
    await pool.run("crash").catch(retryable);
    const thread = await pool.run("work").catch((error: unknown) => {
      retryable(error);
      return pool.run("work");
    });
    expect(thread).toBeGreaterThan(0);
  });

  it("rejects what is queued and running when it is disposed, and what comes later", async () => {
    const pool = oddPool();
    const hanging = failure(pool.run("hang"));
    const waiting = failure(pool.run("work"));
    await pool[Symbol.asyncDispose]();
    expect(await hanging).toMatchObject({ retryable: true });
    expect(await waiting).toMatchObject({ retryable: true });
    expect(await failure(pool.run("work"))).toMatchObject({ retryable: true });
  });
});

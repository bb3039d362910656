import pg from "pg";
import { createEngine } from "../src/engine.ts";
import type { Generator } from "../src/jobs/generator.ts";
import type { GeneratorSource } from "../src/jobs/generator-source.ts";
import { startWorker, type Worker } from "../src/jobs/worker.ts";
import type { EngineKit } from "../src/testing/engine-kit.ts";

/** A worker with an engine and a pool of its own, as in another process. Dispose of it before the kit. */
export async function anotherWorker(
  kit: EngineKit,
  generators: readonly Generator[] | GeneratorSource,
  { concurrency = 3 }: { concurrency?: number } = {},
): Promise<Worker> {
  const stack = new AsyncDisposableStack();
  const errors: unknown[] = [];
  const pool = new pg.Pool({ connectionString: kit.url, max: 10 });
  pool.on("error", (error) => errors.push(error));
  pool.on("connect", (client) => client.on("error", (error) => errors.push(error)));
  stack.defer(() => pool.end());
  const engine = stack.use(createEngine({ pool, gates: "on", onError: (error) => errors.push(error) }));
  const noAssets = (): Promise<never> => Promise.reject(new Error("These tests make no assets."));
  const worker = stack.use(
    await startWorker({
      engine,
      generators,
      assets: { put: noAssets, read: noAssets, discard: noAssets },
      concurrency,
      onError: (error) => errors.push(error),
    }),
  );
  return {
    id: worker.id,
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      if (errors.length > 0) throw new AggregateError(errors, "Something failed in the other worker.");
    },
  };
}

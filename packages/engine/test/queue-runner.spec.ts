import { afterAll, beforeAll, expect, it } from "vitest";
import type { AssetStore } from "../src/jobs/asset-store.ts";
import { GENERATE_TASK } from "../src/jobs/queue.ts";
import { startQueueRunner } from "../src/jobs/queue-runner.ts";
import { startWorker } from "../src/jobs/worker.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.db.query(`
    CREATE FUNCTION refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.payload->>'refuse' IS NOT NULL THEN RAISE EXCEPTION 'Not deleted.'; END IF;
      RETURN OLD;
    END $$;
    CREATE TRIGGER refuse_deletion BEFORE DELETE ON graphile_worker._private_jobs
      FOR EACH ROW EXECUTE FUNCTION refuse_deletion()`);
});
afterAll(() => kit[Symbol.asyncDispose]());

it("goes on with others after one entry after the other could not be deleted", async () => {
  await using queue = await fullQueue();
  for (const { jobId } of queue.refused) await queue.failToDelete(jobId);
  await enqueue({ jobId: 6 });
  await queue.started(6);
  queue.end(6);
});

it("ends, though entries could not be deleted", async () => {
  await using queue = await fullQueue();
  const [last, ...before] = queue.refused;
  for (const { jobId } of before) await queue.failToDelete(jobId);
  const ended = queue.runner[Symbol.asyncDispose]();
  queue.end(last!.jobId);
  await ended;
});

it("is not begun for a worker that cannot say what it makes", async () => {
  // PostgreSQL keeps no such text.
  const generators = [echoGenerator("\0")];
  await kit.newRun([{}]);
  const starting = startWorker({ ...unused, engine: kit.engine, generators });
  await expect(starting).rejects.toThrow("invalid byte sequence");
  expect(await kit.db.many(`SELECT runner_ids AS runners, stopped_at IS NOT NULL AS stopped FROM workers`)).toEqual([
    { runners: [], stopped: true },
  ]);
});
const unused = { assets: {} as AssetStore, concurrency: 1, onError: () => undefined };

/** A runner that works on as many entries as it can at once, none of which can be deleted. */
async function fullQueue() {
  await kit.db.query(`TRUNCATE graphile_worker._private_jobs`);
  const refused = [1, 2, 3, 4, 5].map((jobId) => ({ jobId, refuse: true }));
  for (const payload of refused) await enqueue(payload);
  const jobs = new Map([1, 2, 3, 4, 5, 6].map((id) => [id, { begun: signal(), end: signal(), refused: signal() }]));
  const job = (id: number) => jobs.get(id)!;
  const entries = await kit.db.many<{ id: string; jobId: number }>(
    `SELECT id, (payload->>'jobId')::int AS "jobId" FROM graphile_worker._private_jobs`,
  );
  const runner = await startQueueRunner({
    pool: kit.pool,
    concurrency: refused.length,
    passOver: async () => [],
    onRunner: () => undefined,
    onError(error) {
      const [, id] = /Failed to complete jobs '(\d+)'/.exec(String(error)) ?? [];
      const entry = entries.find((candidate) => candidate.id === id);
      if (entry) job(entry.jobId).refused.resolve();
    },
    async perform(jobId) {
      job(jobId).begun.resolve();
      await job(jobId).end.promise;
    },
  });
  await Promise.all(refused.map(({ jobId }) => job(jobId).begun.promise));
  return {
    runner,
    refused,
    started: (jobId: number) => job(jobId).begun.promise,
    end: (jobId: number) => job(jobId).end.resolve(),
    async failToDelete(jobId: number) {
      job(jobId).end.resolve();
      await job(jobId).refused.promise;
    },
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  };
}

const signal = () => Promise.withResolvers<void>();

async function enqueue(payload: { readonly jobId: number }): Promise<void> {
  await kit.db.query(`SELECT graphile_worker.add_job($1, $2)`, [GENERATE_TASK, JSON.stringify(payload)]);
}

import diagnostics from "node:diagnostics_channel";
import type { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { drawElsewhere } from "./draw-elsewhere.ts";
import { posteriorDraws } from "./posterior.ts";
import { idsUpTo, simulateVotes } from "./test-votes.ts";

it("draws for many large steps at once on two threads, with the numbers that one step alone has", async () => {
  const votes = simulateVotes(new Array<number>(160).fill(0), 100, 5);
  const ids = idsUpTo(160);
  const live = new Set<Worker>();
  let most = 0;
  const onThread = (message: unknown): void => {
    const { worker } = message as { readonly worker: Worker };
    live.add(worker);
    most = Math.max(most, live.size);
    worker.once("exit", () => live.delete(worker));
  };
  diagnostics.subscribe("worker_threads", onThread);
  try {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    const draws = await Promise.all(seeds.map((seed) => drawElsewhere({ candidateIds: ids, votes, seed })));
    expect(most).toBe(2);
    expect(draws[2]).toEqual(posteriorDraws(ids, votes, 3));
  } finally {
    diagnostics.unsubscribe("worker_threads", onThread);
  }
});

it("begins the next where one has failed", async () => {
  const broken = { candidateIds: idsUpTo(160), votes: null as never, seed: 1 };
  const failed = [1, 2, 3].map(() => drawElsewhere(broken).catch(() => "failed"));
  expect(await Promise.all(failed)).toEqual(["failed", "failed", "failed"]);
  expect((await drawElsewhere({ ...broken, votes: [] })).count).toBe(2000);
});

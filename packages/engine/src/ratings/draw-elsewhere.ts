import { once } from "node:events";
import { Worker } from "node:worker_threads";
import pLimit from "p-limit";
import type { PairVote } from "./pair-vote.ts";
import { type PosteriorDraws, posteriorDraws } from "./posterior.ts";

/** What `posteriorDraws` takes. */
export interface PosteriorOrder {
  readonly candidateIds: readonly number[];
  readonly votes: readonly PairVote[];
  readonly seed: number;
}

/** Starting a thread takes about as long as the draws of so many candidates (60 ms). */
const HERE = 150;

/** However many steps are previewed at once: each thread takes a core for up to seconds, and tens of megabytes. */
const inTurn = pLimit(2);

/**
 * `posteriorDraws`, away from the thread that answers requests where it takes longer than starting another thread: the
 * draws of 500 candidates would hold it up for 0.6 s. The numbers are the same.
 */
export async function drawElsewhere(order: PosteriorOrder): Promise<PosteriorDraws> {
  if (order.candidateIds.length <= HERE) return posteriorDraws(order.candidateIds, order.votes, order.seed);
  return await inTurn(() => inThread(order));
}

async function inThread(order: PosteriorOrder): Promise<PosteriorDraws> {
  const worker = new Worker(new URL("./posterior-thread.ts", import.meta.url), { workerData: order });
  try {
    // An error that the thread throws rejects this too.
    const [draws] = (await once(worker, "message")) as [PosteriorDraws];
    return draws;
  } finally {
    await worker.terminate();
  }
}

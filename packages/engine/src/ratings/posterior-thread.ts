import { parentPort, workerData } from "node:worker_threads";
import type { PosteriorOrder } from "./draw-elsewhere.ts";
import { posteriorDraws } from "./posterior.ts";

// The entry of a thread that lives for one computation.
const { candidateIds, votes, seed } = workerData as PosteriorOrder;
const draws = posteriorDraws(candidateIds, votes, seed);
parentPort?.postMessage(draws, [draws.values.buffer as ArrayBuffer, draws.deviation.buffer as ArrayBuffer]);

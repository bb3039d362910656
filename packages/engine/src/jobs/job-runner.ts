import { throughOutages } from "../db/outage.ts";
import type { EngineDeps } from "../deps.ts";
import { storableText } from "../rules/storable.ts";
import type { AssetStore } from "./asset-store.ts";
import { completeJob, failJob } from "./finish-job.ts";
import { type Generated, type Generator, GeneratorError } from "./generator.ts";
import { reportProgress } from "./report-progress.ts";
import type { HeldJob } from "./start-job.ts";

export interface JobRunnerDeps {
  readonly engine: EngineDeps;
  readonly generators: ReadonlyMap<string, Generator>;
  readonly assets: AssetStore;
  readonly onError: (error: unknown) => void;
}

/** Progress is written this often at the most, per job. */
const PROGRESS_INTERVAL_MS = 250;
/** What a generator keeps with a candidate. */
const MAX_META_BYTES = 256 * 1024;
const MAX_TEXT_LENGTH = 1_000_000;

/**
 * Makes the candidate of one job that this worker holds. What was made is kept until the database takes it: an outage
 * is no failure of the generator. The fence makes a repeated write safe.
 *
 * @param stop aborted when the candidate is no longer wanted or the worker ends; then nothing is written, since
 *   whoever aborted has dealt with the job
 */
export async function runJob(deps: JobRunnerDeps, held: HeldJob, stop: AbortController): Promise<void> {
  const waiting = { signal: stop.signal, onError: deps.onError };
  try {
    const generated = await generate(deps, held, stop);
    if (stop.signal.aborted) return;
    const assets = await Promise.all(generated.assets.map(({ bytes }) => deps.assets.put(bytes)));
    const result = { assets, text: generated.text, meta: generated.meta };
    await throughOutages(() => completeJob(deps.engine, held, result), waiting);
  } catch (error) {
    if (stop.signal.aborted) return;
    const known = error instanceof GeneratorError;
    if (!known) deps.onError(error);
    const failure = {
      message: known ? error.message : `The generator failed in a way it does not explain: ${String(error)}`,
      retryable: known && error.retryable,
    };
    await throughOutages(() => failJob(deps.engine, held, failure), waiting);
  }
}

async function generate(deps: JobRunnerDeps, held: HeldJob, stop: AbortController): Promise<Generated> {
  const generator = deps.generators.get(held.generator);
  if (!generator) {
    throw new GeneratorError(`This worker has no generator named "${held.generator}".`, { retryable: false });
  }
  const asset = held.parent?.asset ?? null;
  const generated = await generator.generate(
    {
      ...held,
      attempt: held.attempts,
      parent: held.parent && {
        ...held.parent,
        asset: asset && { mediaType: asset.mediaType, bytes: () => deps.assets.read(asset.sha256) },
      },
    },
    { signal: stop.signal, progress: progressReporter(deps, held, stop) },
  );
  if (JSON.stringify(generated.meta).length > MAX_META_BYTES) {
    throw new GeneratorError("The generator keeps more than 256 kB beside the candidate.", { retryable: false });
  }
  if (generated.text !== null && generated.text.length > MAX_TEXT_LENGTH) {
    throw new GeneratorError(`The text is longer than ${MAX_TEXT_LENGTH} characters.`, { retryable: false });
  }
  if (generated.text === null && generated.assets.length === 0) {
    throw new GeneratorError("The generator made nothing: neither a text nor an asset.", { retryable: false });
  }
  return { ...generated, text: generated.text === null ? null : storableText(generated.text, MAX_TEXT_LENGTH) };
}

/** Thins reports out, one write at a time, and stops the job when it is no longer this worker's. */
function progressReporter(
  deps: JobRunnerDeps,
  held: HeldJob,
  stop: AbortController,
): (share: number, message?: string) => void {
  let lastAt = Date.now();
  let writing = false;
  return (share, message) => {
    if (writing || stop.signal.aborted || Date.now() - lastAt < PROGRESS_INTERVAL_MS) return;
    writing = true;
    void reportProgress(deps.engine, held, share, message ?? null)
      .then((wanted) => {
        if (!wanted) stop.abort();
      })
      .catch(deps.onError)
      .finally(() => {
        writing = false;
        lastAt = Date.now();
      });
  };
}

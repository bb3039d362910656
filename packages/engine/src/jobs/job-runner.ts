import { isOutage, throughOutages } from "../db/outage.ts";
import type { EngineDeps } from "../deps.ts";
import { isTooMuchMeta, MAX_ASSETS, MAX_TEXT_LENGTH } from "../rules/candidate-content.ts";
import { assertStorable, storableText } from "../rules/storable.ts";
import type { AssetStore } from "./asset-store.ts";
import { completeJob, failJob } from "./finish-job.ts";
import { type Generated, GeneratorError, JobStopped, type Usage } from "./generator.ts";
import type { GeneratorSource } from "./generator-source.ts";
import { detachJob, leaseHeldJob, saveExternalId } from "./held-job.ts";
import { type ProgressReporter, progressReporter } from "./progress-reporter.ts";
import { countRefusedUsage } from "./refused-usage.ts";
import type { HeldJob } from "./start-job.ts";

export interface JobRunnerDeps {
  readonly engine: EngineDeps;
  readonly generators: GeneratorSource;
  readonly assets: AssetStore;
  readonly onError: (error: unknown) => void;
}

/** How long a worker tries to tell what a job has cost that it has to let go of, while the database is away. */
const COST_WITHIN_MS = 10_000;

/**
 * Makes the candidate of one job that this worker holds. What was made is kept until the database takes it: an outage
 * is no failure of the generator. The fence makes a repeated write safe.
 *
 * @param stop aborted when the candidate is no longer wanted or the worker ends; then nothing is written but what it has
 *   cost, since whoever aborted has dealt with the job
 */
export async function runJob(deps: JobRunnerDeps, held: HeldJob, stop: AbortController): Promise<void> {
  const waiting = { signal: stop.signal, onError: deps.onError };
  const reporter = progressReporter(deps, held, stop);
  let spent: Usage | undefined;
  const countRefused = (usage: Usage | undefined) =>
    throughOutages(() => countRefusedUsage(deps.engine, held, usage), {
      signal: AbortSignal.timeout(COST_WITHIN_MS),
      onError: deps.onError,
    }).catch(deps.onError);
  try {
    const generated = await generate(deps, held, stop, reporter);
    if (generated !== "later") spent = generated.usage;
    await reporter.end();
    if (stop.signal.aborted) return await countRefused(spent);
    if (generated === "later") {
      await throughOutages(() => detachJob(deps.engine, held), waiting);
      return;
    }
    const assets = await Promise.all(generated.assets.map(({ bytes }) => deps.assets.put(bytes)));
    const { text, meta, usage, warnings } = generated;
    const result = { assets, text, meta, usage, warnings };
    const candidateId = await throughOutages(() => completeJob(deps.engine, held, result), waiting);
    if (candidateId === null) await countRefused(usage);
  } catch (error) {
    if (error instanceof JobStopped) stop.abort(error);
    await reporter.end();
    const known = error instanceof GeneratorError;
    const usage = (known ? error.usage : undefined) ?? spent;
    if (stop.signal.aborted) return await countRefused(usage);
    if (!known) deps.onError(error);
    const failure = {
      message: known ? error.message : `The generator failed in a way it does not explain: ${String(error)}`,
      retryable: known && error.retryable,
      usage,
    };
    try {
      const taken = await throughOutages(() => failJob(deps.engine, held, failure), waiting);
      if (!taken) await countRefused(usage);
    } catch (refused) {
      if (stop.signal.aborted || isOutage(refused)) throw refused;
      // An answer that cannot be written is not asked for again and again: each time it may cost something.
      deps.onError(refused);
      const final = { message: failure.message, retryable: false };
      await throughOutages(() => failJob(deps.engine, held, final), waiting);
    }
  }
}

async function generate(
  deps: JobRunnerDeps,
  held: HeldJob,
  stop: AbortController,
  { progress, write, log }: ProgressReporter,
): Promise<Generated | "later"> {
  const generator = deps.generators().get(held.generator);
  if (!generator) {
    throw new GeneratorError(`This worker has no generator named "${held.generator}".`, { retryable: true });
  }
  const waiting = { signal: stop.signal, onError: deps.onError };
  const asset = held.parent?.asset ?? null;
  const { externalId, ...request } = held;
  const generated = await generator.generate(
    {
      ...request,
      attempt: held.attempts,
      parent: held.parent && {
        ...held.parent,
        asset: asset && { mediaType: asset.mediaType, bytes: () => deps.assets.read(asset.sha256) },
      },
    },
    {
      signal: stop.signal,
      progress,
      write,
      log,
      externalId,
      saveExternalId: (id) => throughOutages(() => saveExternalId(deps.engine, held, id), waiting),
      lease: (seconds) => throughOutages(() => leaseHeldJob(deps.engine, held, seconds), waiting),
    },
  );
  return generated === "later" ? generated : checkGenerated(generated);
}

/** @throws GeneratorError for what cannot be kept, which no retry makes smaller */
export function checkGenerated<Made extends Omit<Generated, "assets"> & { readonly assets: readonly unknown[] }>(
  generated: Made,
): Made {
  const refuse = (message: string) => new GeneratorError(message, { retryable: false, usage: generated.usage });
  if (isTooMuchMeta(generated.meta)) {
    throw refuse("The generator keeps more than 256 kB beside the candidate.");
  }
  try {
    assertStorable(generated.meta, "What the generator keeps beside the candidate", "meta");
  } catch (error) {
    throw refuse((error as Error).message);
  }
  if (generated.text !== null && generated.text.length > MAX_TEXT_LENGTH) {
    throw refuse(`The text is longer than ${MAX_TEXT_LENGTH} characters.`);
  }
  if (generated.assets.length > MAX_ASSETS) {
    throw refuse(`There are ${generated.assets.length} assets; a candidate has at most ${MAX_ASSETS}.`);
  }
  if (generated.text === null && generated.assets.length === 0) {
    throw refuse("The generator made nothing: neither a text nor an asset.");
  }
  return { ...generated, text: generated.text === null ? null : storableText(generated.text, MAX_TEXT_LENGTH) };
}

import { queryable } from "../db/queryable.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { storableText } from "../rules/storable.ts";
import { countCost } from "./attempt-cost.ts";
import type { Generator, Usage } from "./generator.ts";
import type { GeneratorSource } from "./generator-source.ts";

export interface LeftWorkDeps {
  readonly engine: EngineDeps;
  readonly generators: GeneratorSource;
  readonly onError: (error: unknown) => void;
}

interface LeftWork {
  readonly jobId: number;
  readonly runId: number;
  readonly fence: number;
  readonly generator: string;
  readonly externalId: string;
}

/** For one of them. */
const WITHIN_MS = 15_000;
/** A generator cancels what its own worker was waiting for; this is what it may take over that. */
const WORKERS_TURN_SECONDS = 20;
const AT_ONCE = 20;
/** Seconds until the next try: 2, 8, 32, 128; then the work is left to itself. */
const MAX_TRIES = 5;
const backoffMs = (tries: number): number => 2_000 * 4 ** (tries - 1);

/**
 * Cancels what goes on elsewhere for jobs that ended while no worker had them: their workers were gone when their runs
 * were aborted, so that no generator heard of it. Several workers may: to cancel twice does no harm.
 *
 * @returns looks for such work once; never rejects
 */
export function leftWorkDiscarder(deps: LeftWorkDeps): (signal: AbortSignal) => Promise<void> {
  const tried = new Map<number, { readonly times: number; readonly nextAt: number }>();

  const discard = async (generator: Generator, work: LeftWork, signal: AbortSignal): Promise<void> => {
    let usage: Usage | undefined;
    let line = `What went on elsewhere as ${work.externalId} was cancelled.`;
    try {
      usage =
        (await generator.discard?.(work.externalId, AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]))) ??
        undefined;
    } catch (error) {
      if (signal.aborted) return;
      const times = (tried.get(work.jobId)?.times ?? 0) + 1;
      if (times < MAX_TRIES) return void tried.set(work.jobId, { times, nextAt: Date.now() + backoffMs(times) });
      line = `What goes on elsewhere as ${work.externalId} could not be cancelled: ${(error as Error).message}`;
    }
    tried.delete(work.jobId);
    await forget(deps.engine, work, line, usage);
  };

  return async (signal) => {
    try {
      const able = new Map(
        [...deps.generators()].filter(([, { runs, discard }]) => runs !== "elsewhere" && discard !== undefined),
      );
      if (able.size === 0) return;
      const waiting = [...tried].flatMap(([jobId, { nextAt }]) => (nextAt > Date.now() ? [jobId] : []));
      for (const work of await leftWork(deps.engine, [...able.keys()], waiting)) {
        if (signal.aborted) return;
        await discard(able.get(work.generator) as Generator, work, signal);
      }
    } catch (error) {
      deps.onError(error);
    }
  };
}

async function leftWork(
  { pool }: EngineDeps,
  generators: readonly string[],
  except: readonly number[],
): Promise<LeftWork[]> {
  return await queryable(pool).many(
    `SELECT j.id AS "jobId", j.pipeline_run_id AS "runId", j.fence, j.generator, j.external_id AS "externalId" FROM jobs j
     WHERE j.external_id IS NOT NULL AND j.status IN ('CANCELLED', 'FAILED')
       AND j.generator = ANY($1) AND j.id <> ALL($2)
       AND (j.finished_at < now() - make_interval(secs => $3)
         OR NOT EXISTS (SELECT 1 FROM workers w WHERE w.id = j.worker_id AND w.stopped_at IS NULL))
     ORDER BY j.finished_at LIMIT ${AT_ONCE}`,
    [generators, except, WORKERS_TURN_SECONDS],
  );
}

/** It is not looked for again. Whoever forgets it counts what it has cost. */
async function forget(engine: EngineDeps, work: LeftWork, line: string, usage: Usage | undefined): Promise<void> {
  await withRun(engine, work.runId, null, async (tx) => {
    const isOurs = await tx.query(
      `UPDATE jobs SET external_id = NULL, log = right(log || $3, 32000)
       WHERE id = $1 AND external_id = $2 AND status IN ('CANCELLED', 'FAILED')`,
      [work.jobId, work.externalId, `${storableText(line, 2_000)}\n`],
    );
    if (isOurs) await countCost(tx, work, usage);
  });
}

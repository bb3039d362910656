import type { Queryable } from "../db/queryable.ts";
import type { Generator } from "./generator.ts";
import { type GeneratorSource, runHere } from "./generator-source.ts";

/**
 * Generators whose queued jobs a worker passes over for now: those that it has not, and those that do as many jobs at
 * once as they may. A hint that saves the queue a detour; `startJob` counts again, under a lock. Those whose jobs are done
 * elsewhere are named before there is a job of theirs: one that comes while this is asked is not kept from who claims it.
 *
 * @param source what the worker has
 */
export async function generatorsToPassOver(db: Queryable, source: GeneratorSource): Promise<string[]> {
  const own = runHere(source);
  const names = new Set(own.map(({ name }) => name));
  const elsewhere = [...source().keys()].filter((name) => !names.has(name));
  const queued = await db.many<{ name: string }>(QUEUED_SQL);
  const limited = own.filter(({ concurrency }) => concurrency !== undefined);
  const running = limited.length === 0 ? [] : await countRunning(db, limited);
  const counts = new Map(running.map(({ name, jobs }) => [name, jobs]));
  return [
    ...new Set([...elsewhere, ...queued.flatMap(({ name }) => (names.has(name) ? [] : [name]))]),
    ...limited.flatMap(({ name, concurrency = 0 }) => ((counts.get(name) ?? 0) >= concurrency ? [name] : [])),
  ];
}

async function countRunning(
  db: Queryable,
  generators: readonly Generator[],
): Promise<{ name: string; jobs: number }[]> {
  return await db.many(
    `SELECT generator AS name, count(*)::int AS jobs FROM jobs WHERE status = 'RUNNING' AND generator = ANY($1) GROUP BY 1`,
    [generators.map(({ name }) => name)],
  );
}

/** Each name once, by as many steps in an index as there are names, however many jobs are queued. */
const QUEUED_SQL = `
  WITH RECURSIVE queued AS (
    (SELECT generator FROM jobs WHERE status = 'QUEUED' ORDER BY generator LIMIT 1)
    UNION ALL
    SELECT (
      SELECT j.generator FROM jobs j WHERE j.status = 'QUEUED' AND j.generator > queued.generator
      ORDER BY j.generator LIMIT 1
    ) FROM queued WHERE queued.generator IS NOT NULL
  )
  SELECT generator AS name FROM queued WHERE generator IS NOT NULL`;

import type { Queryable } from "../db/queryable.ts";

/** The task that makes a candidate, in graphile-worker's words. */
export const GENERATE_TASK = "sluice_generate";

/** By this flag of its entry, a worker passes over the jobs of a generator that it has not, or that has its hands full. */
const flagOf = (generator: string): string => `'generator:' || ${generator}`;

/** The flags of these generators' jobs. */
export function flagsOf(generators: Iterable<string>): string[] {
  return [...generators].map((name) => `generator:${name}`);
}

/** graphile-worker keeps priorities in a smallint. */
const LAST_PLACE = 32_000;

/**
 * Puts jobs into the queue, within the caller's transaction: a job and its queue entry exist together or not at all.
 * An entry is known by its job's id, so a job that is queued again moves its entry instead of adding one.
 *
 * @param options.firstPlace place of the first job among those of its run; lower ones are worked on first
 * @param options.delaySeconds how long the entries wait
 */
export async function enqueueJobs(
  db: Queryable,
  jobIds: readonly number[],
  options: { firstPlace: number; delaySeconds?: number },
): Promise<void> {
  if (jobIds.length === 0) return;
  await db.query(
    `SELECT count(*) FROM graphile_worker.add_jobs((
       SELECT array_agg((
         $1, json_build_object('jobId', j.id), NULL, now() + make_interval(secs => $4::float8), NULL,
         'job:' || j.id, least($3::int + j.place - 1, ${LAST_PLACE})::smallint, ARRAY[${flagOf("job.generator")}]
       )::graphile_worker.job_spec ORDER BY j.place)
       FROM unnest($2::int[]) WITH ORDINALITY AS j(id, place) JOIN jobs job ON job.id = j.id
     ))`,
    [GENERATE_TASK, jobIds, options.firstPlace, options.delaySeconds ?? 0],
  );
}

import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import { expireLeases } from "../jobs/expired-leases.ts";
import type { Lease } from "../jobs/generator.ts";
import { leaseJob } from "../jobs/held-job.ts";
import { type HeldJob, startQueued } from "../jobs/start-job.ts";
import { type GeneratorCatalog, listNames } from "../pipelines/catalogs.ts";
import { didYouMean } from "../pipelines/nearest-name.ts";

export interface ClaimJobDeps extends EngineDeps {
  readonly generators: GeneratorCatalog;
}

export interface ClaimJobInput {
  /** Names of generators whose jobs are done elsewhere. */
  readonly generators: readonly string[];
  /** How long the job is theirs without a heartbeat. */
  readonly leaseSeconds: number;
}

export interface ClaimedJob extends HeldJob {
  readonly lease: Lease;
}

/** Lease times that make sense: shorter ones end by a slow network, longer ones hold a job that nobody works on. */
const MIN_LEASE_SECONDS = 5;
const MAX_LEASE_SECONDS = 60 * 60;

/** When somebody who got nothing asks again: soon enough for people who wait, rarely enough for the database. */
const ASK_AGAIN_SECONDS = 2;

/** Jobs that are tried before a claim goes away empty; others were faster at all before. */
const TRIES = 20;

/**
 * Gives the next queued job of these generators to a program elsewhere, on lease. Runs take turns as they do for
 * Sluice's own workers, the limits of generators and the budgets of runs hold, and its queue entry is gone with it.
 *
 * @returns `job` null where there is none now
 * @throws ForbiddenError, InvalidInputError
 */
export async function claimJob(
  deps: ClaimJobDeps,
  actor: Actor,
  input: ClaimJobInput,
): Promise<{ job: ClaimedJob | null; askAgainAfterSeconds: number }> {
  assertMay(actor, "OPERATE");
  assertElsewhere(deps.generators, input.generators);
  assertLeaseSeconds(input.leaseSeconds);
  // Where all work is done elsewhere, no worker of Sluice's looks after the leases. One that cannot be ended now is tried
  // again with the next claim, and keeps nobody from the work there is.
  await expireLeases(deps).catch((error: unknown) => {
    if (!(error instanceof AggregateError)) throw error;
  });
  const busy = new Set<string>();
  for (let known = -1; known < busy.size; ) {
    known = busy.size;
    // Without those that have their hands full: however much waits for them, it hides nothing of the others.
    const free = input.generators.filter((name) => !busy.has(name));
    for (const next of await nextJobs(deps, free)) {
      if (busy.has(next.generator)) continue;
      const got = await withRun(deps, next.runId, null, async (tx) => {
        const taker = {
          workerId: null,
          concurrencyOf: (name: string) => deps.generators.get(name)?.concurrency ?? null,
        };
        const held = await startQueued(tx, next.jobId, taker);
        if (held === null || held === "busy") return held;
        await tx.query(`SELECT graphile_worker.remove_job($1)`, [`job:${held.jobId}`]);
        return { ...held, lease: await leaseJob(tx, held.jobId, input.leaseSeconds, actor.id) };
      });
      if (got === "busy") busy.add(next.generator);
      else if (got) return { job: got, askAgainAfterSeconds: 0 };
    }
  }
  return { job: null, askAgainAfterSeconds: ASK_AGAIN_SECONDS };
}

/** In the order in which Sluice's own workers would take them. */
async function nextJobs(
  { pool }: EngineDeps,
  generators: readonly string[],
): Promise<{ jobId: number; runId: number; generator: string }[]> {
  return await queryable(pool).many(
    `SELECT j.id AS "jobId", j.pipeline_run_id AS "runId", j.generator
     FROM jobs j JOIN graphile_worker.jobs entry ON entry.key = 'job:' || j.id
     WHERE j.status = 'QUEUED' AND j.generator = ANY($1) AND entry.run_at <= now() AND entry.locked_at IS NULL
     ORDER BY entry.priority, entry.run_at, entry.id LIMIT ${TRIES}`,
    [generators],
  );
}

function assertElsewhere(known: GeneratorCatalog, names: readonly string[]): void {
  const field = "generators";
  if (names.length === 0) throw new InvalidInputError("Name at least one generator.", field);
  const elsewhere = [...known.values()].flatMap(({ name, runs }) => (runs === "elsewhere" ? [name] : []));
  for (const name of names) {
    if (elsewhere.includes(name)) continue;
    if (known.has(name)) {
      throw new InvalidInputError(
        `The jobs of "${name}" are done by Sluice's own workers. Only those of a generator of the kind pull can be claimed.`,
        field,
      );
    }
    const hint = didYouMean(name, elsewhere) || ` Those whose jobs can be claimed: ${listNames(elsewhere)}.`;
    throw new InvalidInputError(`There is no generator named "${name}".${hint}`, field);
  }
}

/** @throws InvalidInputError */
export function assertLeaseSeconds(seconds: number): void {
  if (seconds >= MIN_LEASE_SECONDS && seconds <= MAX_LEASE_SECONDS) return;
  throw new InvalidInputError(
    `A lease is for ${MIN_LEASE_SECONDS} to ${MAX_LEASE_SECONDS} seconds, and heartbeats make it longer.`,
    "leaseSeconds",
  );
}

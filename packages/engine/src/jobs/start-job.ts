import { holdRun, loadBudget, whyBudgetIsSpent } from "../advance/run-budget.ts";
import { queryable } from "../db/queryable.ts";
import { isActive } from "../db/rows.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import type { Feedback, Json } from "./generator.ts";

/** A job that a worker holds. Its fence proves that it still does. */
export interface HeldJob {
  readonly jobId: number;
  readonly runId: number;
  readonly fence: number;
  readonly attempts: number;
  /** What an attempt that was cut off has saved. */
  readonly externalId: string | null;
  readonly ordinal: number;
  readonly seed: number;
  readonly generator: string;
  readonly run: { readonly id: number; readonly name: string; readonly prompt: string; readonly variables: Json };
  readonly step: {
    readonly position: number;
    readonly name: string;
    readonly description: string | null;
    readonly config: Json;
  };
  readonly parent: {
    readonly id: number;
    readonly text: string | null;
    readonly meta: Json;
    readonly asset: { readonly sha256: string; readonly mediaType: string } | null;
  } | null;
  /** Comments of the approvals before this step, oldest first (A3). */
  readonly notes: readonly string[];
  /** Comments with which this step was sent back, oldest first. */
  readonly feedback: readonly Feedback[];
}

/** Who takes a job. */
export interface JobTaker {
  /** Null where it is given out on lease. */
  readonly workerId: number | null;
  /** How many jobs of a generator may run at once; null is no limit. */
  concurrencyOf(generator: string): number | null;
}

/**
 * Gives a queued job to a worker, after a last look under the run's lock whether its candidate is still wanted, whether
 * the run may spend anything yet, and whether its generator may do one more.
 *
 * @returns the job; `"busy"` where its generator has its hands full: it stays queued; or null when there is nothing to
 *   do: it is done, cancelled, held by another, or unwanted now
 */
export async function startJob(deps: EngineDeps, jobId: number, taker: JobTaker): Promise<HeldJob | "busy" | null> {
  const found = await queryable(deps.pool).maybe<{ runId: number }>(
    `SELECT pipeline_run_id AS "runId" FROM jobs WHERE id = $1 AND status = 'QUEUED'`,
    [jobId],
  );
  if (!found) return null;
  return await withRun(deps, found.runId, null, (tx) => startQueued(tx, jobId, taker));
}

/** The same under the run's lock. */
export async function startQueued(
  tx: RunTransaction,
  jobId: number,
  { workerId, concurrencyOf }: JobTaker,
): Promise<HeldJob | "busy" | null> {
  if (!isActive(tx.run.status)) return null;
  const queued = await tx.maybe<{ generator: string; begun: boolean }>(
    `SELECT generator, external_id IS NOT NULL AS begun FROM jobs WHERE id = $1 AND pipeline_run_id = $2 AND status = 'QUEUED'`,
    [jobId, tx.run.id],
  );
  if (!queued) return null;
  const budget = queued.begun ? null : await loadBudget(tx);
  if (budget && whyBudgetIsSpent(budget) !== null) {
    await holdRun(tx, budget);
    return null;
  }
  const limit = concurrencyOf(queued.generator);
  if (limit !== null && (await runningOf(tx, queued.generator)) >= limit) return "busy";
  const started = await tx.one<{ runStepId: number; attempts: number }>(
    `UPDATE jobs SET status = 'RUNNING', fence = fence + 1, worker_id = $2, started_at = now(), progress = 0,
       progress_message = NULL
     WHERE id = $1 RETURNING pipeline_run_step_id AS "runStepId", attempts`,
    [jobId, workerId],
  );
  await tx.query(`UPDATE pipeline_runs SET attempts_started = attempts_started + 1 WHERE id = $1`, [tx.run.id]);
  await touchStep(tx, started.runStepId);
  tx.emit("job_started", { runStepId: started.runStepId, jobId, attempt: started.attempts + 1 });
  return await tx.one<HeldJob>(HELD_JOB_SQL, [jobId]);
}

/** First key of the advisory locks under which the jobs of a generator with a limit are counted and started. */
const GENERATOR_LOCK = 7_366;

/** Jobs of a generator that run, over all workers. Nobody else starts one of it until this transaction ends. */
async function runningOf(tx: RunTransaction, generator: string): Promise<number> {
  await tx.query(`SELECT pg_advisory_xact_lock($1, hashtext($2))`, [GENERATOR_LOCK, generator]);
  const { running } = await tx.one<{ running: number }>(
    `SELECT count(*)::int AS running FROM jobs WHERE generator = $1 AND status = 'RUNNING'`,
    [generator],
  );
  return running;
}

/** A step that moves is not stalled. */
export async function touchStep(tx: RunTransaction, runStepId: number): Promise<void> {
  await tx.query(`UPDATE pipeline_run_steps SET last_progress_at = now() WHERE id = $1`, [runStepId]);
}

const HELD_JOB_SQL = `
  SELECT j.id AS "jobId", j.pipeline_run_id AS "runId", j.fence, j.attempts, j.external_id AS "externalId", j.ordinal, j.seed::float8 AS seed, j.generator,
    json_build_object('id', r.id, 'name', r.name, 'prompt', r.prompt, 'variables', r.variables) AS run,
    json_build_object('position', rs.position, 'name', s.name, 'description', s.description, 'config', s.config) AS step,
    CASE WHEN c.id IS NOT NULL THEN json_build_object('id', c.id, 'text', c.text, 'meta', c.meta, 'asset', (
      SELECT json_build_object('sha256', a.sha256, 'mediaType', a.media_type)
      FROM candidate_assets ca JOIN assets a ON a.sha256 = ca.sha256
      WHERE ca.candidate_id = c.id ORDER BY ca.position LIMIT 1
    )) END AS parent,
    coalesce((
      SELECT json_agg(before.comment ORDER BY before.position) FROM pipeline_run_steps before
      WHERE before.pipeline_run_id = r.id AND before.position < rs.position
        AND before.status = 'APPROVED' AND before.comment IS NOT NULL
    ), '[]') AS notes,
    -- Every gate behind the step that was sent back to it or to one before it ended one of its rounds.
    coalesce((
      SELECT json_agg(json_build_object('round', sent.round, 'comment', sent.comment) ORDER BY sent.round) FROM (
        SELECT a.comment, row_number() OVER (ORDER BY a.decided_at, a.id) AS round
        FROM approvals a JOIN pipeline_run_steps gate ON gate.id = a.pipeline_run_step_id
        WHERE a.pipeline_run_id = r.id AND a.status = 'SENT_BACK' AND rs.position BETWEEN a.sent_back_to AND gate.position
      ) sent
    ), '[]') AS feedback
  FROM jobs j
  JOIN pipeline_runs r ON r.id = j.pipeline_run_id
  JOIN pipeline_run_steps rs ON rs.id = j.pipeline_run_step_id
  JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
  LEFT JOIN candidates c ON c.id = j.parent_id
  WHERE j.id = $1`;

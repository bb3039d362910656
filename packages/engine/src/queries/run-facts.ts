import type { RunBudget } from "../advance/run-budget.ts";
import type { Queryable } from "../db/queryable.ts";
import type { GatePolicy, RunStatus, StepStatus } from "../db/rows.ts";
import { WORKER_LOCK } from "../jobs/recover-jobs.ts";
import { givenUp } from "../rules/given-up.ts";

/** What a diagnosis looks at of one run. Times are ISO texts, as they come within JSON. */
export interface RunFacts {
  readonly runId: number;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly endedBy: string | null;
  readonly finishedAt: Date | null;
  readonly budget: RunBudget;
  /** Those that generate, wait or have failed jobs. */
  readonly steps: readonly StepFacts[];
  /** Notifications about this run that were given up, and what went wrong with the last. */
  readonly failedDeliveries: number;
  readonly deliveryError: string | null;
  readonly deliveryFailedAt: Date | null;
}

export interface StepFacts {
  readonly id: number;
  readonly position: number;
  readonly name: string;
  readonly status: StepStatus;
  readonly gate: GatePolicy;
  readonly approved: boolean;
  readonly frozen: boolean;
  readonly generator: string | null;
  readonly lastProgressAt: string | null;
  readonly failedAttempts: number;
  readonly failureBudget: number;
  readonly queued: number;
  readonly running: number;
  /** Given up, those that were never tried included. */
  readonly failed: number;
  /** Given up before an attempt was begun, for want of a budget. */
  readonly untried: number;
  /** Given up because a person cancelled them. */
  readonly cancelled: number;
  /** Queued again after a failure. */
  readonly retrying: number;
  /** What went wrong with those that were tried in this round, the most frequent first; three at most. */
  readonly errors: readonly string[];
}

/** The facts about several runs, in one statement. */
export async function runFacts(db: Queryable, runIds: readonly number[]): Promise<RunFacts[]> {
  return await db.many(
    `SELECT r.id AS "runId", r.status, r.status_reason AS reason, ender.name AS "endedBy", r.finished_at AS "finishedAt",
       json_build_object('maxJobs', r.max_jobs, 'attemptsStarted', r.attempts_started, 'maxCostUsd', r.max_cost_usd,
         'costUsd', r.cost_usd) AS budget,
       coalesce(steps.list, '[]') AS steps, lost.count AS "failedDeliveries", lost.error AS "deliveryError",
       lost.at AS "deliveryFailedAt"
     FROM pipeline_runs r
     LEFT JOIN actors ender ON ender.id = r.ended_by_id
     CROSS JOIN LATERAL (
       SELECT json_agg(json_build_object(
         'id', rs.id, 'position', rs.position, 'name', s.name, 'status', rs.status, 'gate', rs.gate,
         'approved', rs.approved, 'frozen', rs.frozen_at IS NOT NULL, 'generator', s.generator,
         'lastProgressAt', rs.last_progress_at, 'failedAttempts', rs.failed_attempts,
         'failureBudget', s.failure_budget, 'queued', j.queued, 'running', j.running, 'failed', j.failed,
         'untried', j.untried, 'cancelled', j.cancelled, 'retrying', j.retrying, 'errors', CASE WHEN j.erring THEN ARRAY(
           SELECT error FROM jobs WHERE pipeline_run_step_id = rs.id AND round = rs.round AND error IS NOT NULL
             AND (status IN ('QUEUED', 'RUNNING') OR (status = 'FAILED' AND attempts > 0))
           GROUP BY error ORDER BY count(*) DESC, error LIMIT 3) ELSE '{}' END
       ) ORDER BY rs.position) AS list
       FROM pipeline_run_steps rs
       JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE status = 'QUEUED')::int AS queued,
           count(*) FILTER (WHERE status = 'RUNNING')::int AS running,
           count(*) FILTER (WHERE ${givenUp("given")})::int AS failed,
           count(*) FILTER (WHERE status = 'FAILED' AND attempts = 0)::int AS untried,
           count(*) FILTER (WHERE cancelled_by_id IS NOT NULL)::int AS cancelled,
           count(*) FILTER (WHERE status = 'QUEUED' AND attempts > 0)::int AS retrying,
           bool_or(error IS NOT NULL) AS erring
         FROM jobs given WHERE pipeline_run_step_id = rs.id AND round = rs.round
           AND (given.status IN ('QUEUED', 'RUNNING') OR ${givenUp("given")})
       ) j
       WHERE rs.pipeline_run_id = r.id AND (rs.status IN ('GENERATING', 'AWAITING_APPROVAL') OR j.failed > 0)
     ) steps
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS count, (array_agg(error ORDER BY id DESC))[1] AS error,
         max((SELECT max(at) FROM delivery_attempts WHERE delivery_id = d.id)) AS at
       FROM deliveries d WHERE d.pipeline_run_id = r.id AND d.status = 'FAILED'
         AND NOT EXISTS (SELECT 1 FROM deliveries again WHERE again.replay_of_id = d.id)
     ) lost
     WHERE r.id = ANY($1)`,
    [runIds],
  );
}

/** Who works, over all runs. */
export interface WorkerFacts {
  /** Workers that hold their lock: the others are dead, whatever their row says (see worker-lock.ts). */
  readonly alive: number;
  /** Names of the generators that these have. */
  readonly generators: readonly string[];
  /** Jobs that run, by run. */
  readonly running: readonly { readonly runId: number; readonly jobs: number }[];
}

export async function workerFacts(db: Queryable): Promise<WorkerFacts> {
  return await db.one(
    `WITH alive AS (
       SELECT w.id, w.generators FROM workers w JOIN pg_locks l ON l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
         AND l.classid = $1 AND l.objid = w.id::oid
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       WHERE w.stopped_at IS NULL
     )
     SELECT (SELECT count(*)::int FROM alive) AS alive,
       ARRAY(SELECT DISTINCT unnest(generators) FROM alive ORDER BY 1) AS generators, coalesce((
       SELECT json_agg(json_build_object('runId', run_id, 'jobs', jobs) ORDER BY run_id) FROM (
         SELECT pipeline_run_id AS run_id, count(*)::int AS jobs FROM jobs
         WHERE status = 'RUNNING' AND worker_id IN (SELECT id FROM alive) GROUP BY 1) busy
     ), '[]') AS running`,
    [WORKER_LOCK],
  );
}

import { type Queryable, queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";

/** How long gates waited for their decision, in seconds. */
export interface WaitingTimes {
  /** How many decisions these are. */
  readonly count: number;
  readonly medianSeconds: number;
  /** Nine of ten were decided within this. */
  readonly p90Seconds: number;
  readonly longestSeconds: number;
}

export interface DecisionTimes extends Omit<WaitingTimes, "medianSeconds" | "p90Seconds" | "longestSeconds"> {
  /** Null where nothing was decided, as the next two. */
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
  readonly longestSeconds: number | null;
  /** Those that took longest at the median first; 200 at most. */
  readonly byPipelineStep: readonly (WaitingTimes & {
    readonly pipeline: string;
    readonly position: number;
    readonly step: string;
  })[];
  /** Who decided most first; 100 at most. */
  readonly byPerson: readonly (WaitingTimes & { readonly actorId: number; readonly name: string })[];
  /** With those of automatic policies, which count nowhere else. */
  readonly byChannel: readonly (WaitingTimes & { readonly channel: string })[];
  /** Days (UTC) on which somebody decided, the oldest first; the newest 366. */
  readonly byDay: readonly { readonly day: Date; readonly decisions: number; readonly medianSeconds: number }[];
  /** Gates that wait now. */
  readonly stillWaiting: number;
  /** Since when the first of them does, in seconds; null when none waits. */
  readonly longestWaitingSeconds: number | null;
}

const TIMES = `count(*)::int AS count,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) AS "medianSeconds",
  percentile_cont(0.9) WITHIN GROUP (ORDER BY waited) AS "p90Seconds", max(waited) AS "longestSeconds"`;

/** Decisions of requests. A gate that was decided before anybody had been asked tells nothing about waiting. */
const DECIDED = `WITH decided AS (
  SELECT extract(epoch FROM a.decided_at - a.requested_at)::float8 AS waited, a.channel, a.decided_by_id,
    date_trunc('day', a.decided_at, 'UTC') AS day, p.name AS pipeline, rs.position, s.name AS step
  FROM approvals a JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
  JOIN pipeline_steps s ON s.id = rs.pipeline_step_id JOIN pipelines p ON p.id = s.pipeline_id
  WHERE a.status IN ('APPROVED', 'REJECTED', 'SENT_BACK') AND a.decided_at > a.requested_at
    AND ($1::timestamptz IS NULL OR a.decided_at >= $1) AND ($2::text IS NULL OR p.name = $2)
), by_people AS (SELECT * FROM decided WHERE channel IS DISTINCT FROM 'POLICY')`;

/**
 * How long gates wait for people: over all, per step of each pipeline, per person, per way of deciding and per day.
 *
 * @param filter.since only what was decided since then
 * @param filter.pipeline only runs of this pipeline, whatever its version
 */
export async function decisionTimes(
  deps: Pick<EngineDeps, "pool">,
  filter: { readonly since: Date | null; readonly pipeline: string | null },
): Promise<DecisionTimes> {
  const db = queryable(deps.pool);
  const values = [filter.since, filter.pipeline];
  const [all, byPipelineStep, byPerson, byChannel, byDay, waiting] = await Promise.all([
    db.one<Pick<DecisionTimes, "count" | "medianSeconds" | "p90Seconds" | "longestSeconds">>(
      `${DECIDED} SELECT ${TIMES} FROM by_people`,
      values,
    ),
    db.many<DecisionTimes["byPipelineStep"][number]>(
      `${DECIDED} SELECT pipeline, position, step, ${TIMES} FROM by_people GROUP BY 1, 2, 3
       ORDER BY "medianSeconds" DESC, 1, 2 LIMIT 200`,
      values,
    ),
    db.many<DecisionTimes["byPerson"][number]>(
      `${DECIDED} SELECT d.decided_by_id AS "actorId", a.name, ${TIMES}
       FROM by_people d JOIN actors a ON a.id = d.decided_by_id GROUP BY 1, 2 ORDER BY count DESC, a.name LIMIT 100`,
      values,
    ),
    db.many<DecisionTimes["byChannel"][number]>(
      `${DECIDED} SELECT channel, ${TIMES} FROM decided WHERE channel IS NOT NULL GROUP BY 1 ORDER BY count DESC, 1`,
      values,
    ),
    db.many<DecisionTimes["byDay"][number]>(
      `${DECIDED} SELECT * FROM (
         SELECT day, count(*)::int AS decisions, percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) AS "medianSeconds"
         FROM by_people GROUP BY day ORDER BY day DESC LIMIT 366) newest ORDER BY day`,
      values,
    ),
    waitingNow(db, filter.pipeline),
  ]);
  return { ...all, byPipelineStep, byPerson, byChannel, byDay, ...waiting };
}

async function waitingNow(
  db: Queryable,
  pipeline: string | null,
): Promise<Pick<DecisionTimes, "stillWaiting" | "longestWaitingSeconds">> {
  return await db.one(
    `SELECT count(*)::int AS "stillWaiting",
       extract(epoch FROM now() - min(a.requested_at))::float8 AS "longestWaitingSeconds"
     FROM approvals a JOIN pipeline_runs r ON r.id = a.pipeline_run_id JOIN pipelines p ON p.id = r.pipeline_id
     WHERE a.status = 'PENDING' AND ($1::text IS NULL OR p.name = $1)`,
    [pipeline],
  );
}

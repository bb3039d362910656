import type { Queryable } from "../db/queryable.ts";
import type { AlertKind } from "../db/rows.ts";

/** Without progress for so long, a step that has jobs is stalled. */
export const GENERATION_STALL_SECONDS = 600;

/** Something that has lasted for longer than allowed, and of which no alert is open. */
export interface Stall {
  readonly runId: number;
  readonly runStepId: number;
  readonly position: number;
  readonly name: string;
  readonly kind: Extract<AlertKind, "APPROVAL_STALLED" | "GENERATION_STALLED">;
  /** When the gate was asked about, or the step moved last. */
  readonly since: Date;
  readonly allowedSeconds: number;
}

/** An open alert of which somebody is to be told again, or others for the first time. */
export interface DueAlert {
  readonly alertId: number;
  readonly runId: number;
  readonly runStepId: number | null;
  readonly kind: AlertKind;
  /** A rung of the ladder was reached, or a snooze has ended, since anybody was told. */
  readonly remind: boolean;
  /** Whom the step's policy names for this stage, less those who were told. */
  readonly escalateTo: readonly string[];
}

/** An open alert whose stall is over, though nothing resolved it. */
export interface OverAlert {
  readonly runId: number;
  readonly runStepId: number;
  readonly kind: AlertKind;
}

interface At {
  /** The time to compare with; the database's where it is null. */
  readonly now: Date | null;
  /** Only of this row. */
  readonly id?: number;
}

/** L1: gates and steps that have stalled. Reads what waits or generates; other runs cost nothing. */
export const stalls = (db: Queryable, { now, id }: At): Promise<Stall[]> =>
  db.many(
    `SELECT rs.pipeline_run_id AS "runId", rs.id AS "runStepId", rs.position, s.name, stall.kind, stall.since,
       stall.allowed AS "allowedSeconds"
     FROM pipeline_run_steps rs
     JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
     JOIN pipeline_runs r ON r.id = rs.pipeline_run_id
     CROSS JOIN LATERAL (
       SELECT 'APPROVAL_STALLED'::alert_kind AS kind, a.requested_at AS since, s.stall_after_seconds AS allowed
       FROM approvals a
       WHERE rs.status = 'AWAITING_APPROVAL' AND a.pipeline_run_step_id = rs.id AND a.status = 'PENDING'
       UNION ALL
       SELECT 'GENERATION_STALLED', rs.last_progress_at, $2
       WHERE rs.status = 'GENERATING'
         AND EXISTS (SELECT 1 FROM jobs j WHERE j.pipeline_run_step_id = rs.id AND j.status IN ('QUEUED', 'RUNNING'))
     ) stall
     WHERE rs.status IN ('AWAITING_APPROVAL', 'GENERATING') AND r.status IN ('RUNNING', 'WAITING_FOR_APPROVAL')
       AND stall.since < coalesce($1::timestamptz, now()) - make_interval(secs => stall.allowed)
       AND ($3::int IS NULL OR rs.id = $3)
       AND NOT EXISTS (
         SELECT 1 FROM alerts a
         WHERE a.pipeline_run_step_id = rs.id AND a.kind = stall.kind AND a.resolved_at IS NULL)`,
    [now, GENERATION_STALL_SECONDS, id ?? null],
  );

/**
 * L2: the ladder. Being raised is its first rung; others follow at twice and four times what is allowed, counted from
 * the beginning of the stall, and the end of a snooze is a rung of its own. Everything is derived from the rows: several rungs that passed while
 * nobody looked are one reminder, and a restart repeats none.
 *
 * While an alert is acknowledged or snoozed it is left alone. A snooze after the acknowledgement asks to be reminded
 * at its end.
 */
export const dueAlerts = (db: Queryable, { now, id }: At): Promise<DueAlert[]> =>
  db.many(
    `SELECT * FROM (
       SELECT a.id AS "alertId", a.pipeline_run_id AS "runId", a.pipeline_run_step_id AS "runStepId", a.kind,
         coalesce(a.reminded_at, a.raised_at) < (SELECT max(rung) FROM (VALUES
           (a.since + 2 * ladder.step), (a.since + 4 * ladder.step), (a.snoozed_until)) AS rungs(rung)
           WHERE rung <= at.now) IS TRUE AS remind,
         CASE WHEN a.since + 2 * ladder.step <= at.now THEN ARRAY(
           SELECT name FROM (
             SELECT jsonb_array_elements_text(rs.policy #> '{escalateTo,people}') AS name
             UNION ALL
             SELECT 'role:' || lower(jsonb_array_elements_text(rs.policy #> '{escalateTo,roles}'))
           ) named WHERE name <> ALL (a.escalated_to)
         ) ELSE '{}' END AS "escalateTo"
       FROM alerts a
       LEFT JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
       LEFT JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
       CROSS JOIN LATERAL (SELECT coalesce($1::timestamptz, now()) AS now) at
       CROSS JOIN LATERAL (SELECT make_interval(secs =>
         CASE WHEN a.kind = 'GENERATION_STALLED' THEN $2 ELSE coalesce(s.stall_after_seconds, 86400) END) AS step) ladder
       WHERE a.resolved_at IS NULL AND ($3::int IS NULL OR a.id = $3)
         AND (a.acknowledged_at IS NULL OR a.snoozed_until IS NOT NULL)
         AND (a.snoozed_until IS NULL OR a.snoozed_until <= at.now)
     ) due WHERE remind OR "escalateTo" <> '{}' ORDER BY "alertId"`,
    [now, GENERATION_STALL_SECONDS, id ?? null],
  );

/** Alerts whose gate is not asked about any more, or whose step has moved since. */
export const overAlerts = (db: Queryable, only: { readonly runId?: number } = {}): Promise<OverAlert[]> =>
  db.many(
    `SELECT a.pipeline_run_id AS "runId", a.pipeline_run_step_id AS "runStepId", a.kind
     FROM alerts a JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
     WHERE a.resolved_at IS NULL AND ($1::int IS NULL OR a.pipeline_run_id = $1) AND CASE a.kind
       WHEN 'APPROVAL_STALLED' THEN NOT EXISTS (
         SELECT 1 FROM approvals p
         WHERE p.pipeline_run_step_id = rs.id AND p.status = 'PENDING' AND p.requested_at <= a.since)
       WHEN 'GENERATION_STALLED' THEN rs.status <> 'GENERATING' OR rs.last_progress_at > a.since
       ELSE false END`,
    [only.runId ?? null],
  );

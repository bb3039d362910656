import { raiseAlert } from "../advance/alerts.ts";
import { queryable } from "../db/queryable.ts";
import type { AlertKind } from "../db/rows.ts";
import { withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";

/** Without progress for so long, a step that has jobs is stalled. */
export const GENERATION_STALL_SECONDS = 600;

/**
 * L1: raises an alert for every gate that waits longer than its step's `stallAfter`, and for every step whose jobs
 * make no progress. Where one is open for the same stall, nothing happens (L2), so it may run anywhere, at any time.
 *
 * Reads the steps that wait, through a partial index; runs that are not stalled cost nothing.
 *
 * @param now the time to compare with; the database's by default
 */
export async function checkStalls(deps: EngineDeps, now: Date | null = null): Promise<void> {
  const stalled = await queryable(deps.pool).many<Stall>(STALLED_SQL, [now, GENERATION_STALL_SECONDS]);
  for (const stall of stalled) {
    await withRun(deps, stall.runId, null, async (tx) => {
      // Under the lock it may have moved on.
      const [still] = await tx.many<Stall>(`${STALLED_SQL} AND rs.id = $3`, [
        now,
        GENERATION_STALL_SECONDS,
        stall.runStepId,
      ]);
      if (!still) return;
      const title = `Run #${still.runId}, step ${still.position} (${still.name})`;
      const message =
        still.kind === "APPROVAL_STALLED"
          ? `${title} has waited for approval since ${still.since.toISOString()}. Somebody has to approve or reject it.`
          : `${title} has made no progress since ${still.since.toISOString()}. Check that a worker runs and its generator answers.`;
      await raiseAlert(tx, { kind: still.kind, runStepId: still.runStepId, message });
    });
  }
}

interface Stall {
  runId: number;
  runStepId: number;
  position: number;
  name: string;
  kind: AlertKind;
  since: Date;
}

const STALLED_SQL = `
  SELECT rs.pipeline_run_id AS "runId", rs.id AS "runStepId", rs.position, s.name, stall.kind, stall.since
  FROM pipeline_run_steps rs
  JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
  JOIN pipeline_runs r ON r.id = rs.pipeline_run_id
  CROSS JOIN LATERAL (
    SELECT 'APPROVAL_STALLED'::alert_kind AS kind, rs.settled_at AS since
    WHERE rs.status = 'AWAITING_APPROVAL'
      AND rs.settled_at < coalesce($1, now()) - make_interval(secs => s.stall_after_seconds)
    UNION ALL
    SELECT 'GENERATION_STALLED', rs.last_progress_at
    WHERE rs.status = 'GENERATING' AND rs.last_progress_at < coalesce($1, now()) - make_interval(secs => $2)
      AND EXISTS (SELECT 1 FROM jobs j WHERE j.pipeline_run_step_id = rs.id AND j.status IN ('QUEUED', 'RUNNING'))
  ) stall
  WHERE rs.status IN ('AWAITING_APPROVAL', 'GENERATING') AND r.status IN ('RUNNING', 'WAITING_FOR_APPROVAL')
    AND NOT EXISTS (
      SELECT 1 FROM alerts a
      WHERE a.pipeline_run_step_id = rs.id AND a.kind = stall.kind AND a.resolved_at IS NULL)`;

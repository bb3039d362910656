import { queryable } from "../db/queryable.ts";
import { isActive, type RunStatus, type StepStatus } from "../db/rows.ts";
import type { EngineDeps } from "../deps.ts";

export type WorkMode = "BASE_GENERATION" | "CHILD_GENERATION" | "WAITING_FOR_APPROVAL" | "NO_WORK";

/** S1: what a run does next, and what it waits for. */
export interface NextWork {
  readonly mode: WorkMode;
  /** A sentence for people. */
  readonly message: string;
  /** Slots of the run that are to be filled: with a job in flight, or none yet. */
  readonly openSlots: number;
}

/** The next work of several runs, in one statement. */
export async function nextWorkOf(deps: EngineDeps, runIds: readonly number[]): Promise<Map<number, NextWork>> {
  const rows = await queryable(deps.pool).many<RunWork>(
    `SELECT r.id AS "runId", r.status AS "runStatus", r.status_reason AS reason,
       coalesce(json_agg(json_build_object(
         'position', rs.position, 'status', rs.status, 'expected', rs.expected_candidates,
         'made', (SELECT count(*) FROM candidates c WHERE c.pipeline_run_step_id = rs.id AND c.status = 'ACTIVE'),
         'open', rs.open_slots + (SELECT count(*) FROM jobs j
                   WHERE j.pipeline_run_step_id = rs.id AND j.status IN ('QUEUED', 'RUNNING'))
       ) ORDER BY rs.position) FILTER (WHERE rs.status IN ('GENERATING', 'AWAITING_APPROVAL')), '[]') AS steps
     FROM pipeline_runs r LEFT JOIN pipeline_run_steps rs ON rs.pipeline_run_id = r.id
     WHERE r.id = ANY($1) GROUP BY r.id`,
    [runIds],
  );
  return new Map(rows.map((row) => [row.runId, describe(row)]));
}

interface RunWork {
  runId: number;
  runStatus: RunStatus;
  reason: string | null;
  steps: { position: number; status: StepStatus; expected: number; made: number; open: number }[];
}

function describe({ runId, runStatus, reason, steps }: RunWork): NextWork {
  // A step of a run that ended stays as it was, with nothing more to make.
  if (!isActive(runStatus)) return { mode: "NO_WORK", message: endMessage(runId, runStatus, reason), openSlots: 0 };
  const openSlots = steps.reduce((sum, { open }) => sum + open, 0);
  const generating = steps.find(({ status }) => status === "GENERATING");
  if (generating) {
    const mode = generating.position === 1 ? "BASE_GENERATION" : "CHILD_GENERATION";
    const { position, made, expected } = generating;
    return { mode, message: `Run #${runId} generating Step ${position} (${made}/${expected} candidates)`, openSlots };
  }
  const waiting = steps.find(({ status }) => status === "AWAITING_APPROVAL");
  if (waiting && runStatus === "WAITING_FOR_APPROVAL") {
    return {
      mode: "WAITING_FOR_APPROVAL",
      message: `Run #${runId} waiting for Step ${waiting.position} approval`,
      openSlots,
    };
  }
  return { mode: "NO_WORK", message: endMessage(runId, runStatus, reason), openSlots: 0 };
}

function endMessage(runId: number, status: RunStatus, reason: string | null): string {
  const why = reason ? `: ${reason}` : "";
  switch (status) {
    case "COMPLETED":
      return `Run #${runId} is completed`;
    case "REJECTED":
      return `Run #${runId} was rejected${why}`;
    case "FAILED":
      return `Run #${runId} failed${why}`;
    case "ABORTED":
      return `Run #${runId} was aborted${why}`;
    case "RUNNING":
    case "WAITING_FOR_APPROVAL":
      return `Run #${runId} has nothing to generate now`;
    default:
      return status satisfies never;
  }
}

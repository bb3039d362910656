import type { EngineDeps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import { queryable } from "./queryable.ts";

const SOURCES = {
  step: { sql: `SELECT pipeline_run_id AS "runId" FROM pipeline_run_steps WHERE id = $1`, word: "step" },
  candidate: { sql: `SELECT pipeline_run_id AS "runId" FROM candidates WHERE id = $1`, word: "candidate" },
  job: { sql: `SELECT pipeline_run_id AS "runId" FROM jobs WHERE id = $1`, word: "job" },
  alert: { sql: `SELECT pipeline_run_id AS "runId" FROM alerts WHERE id = $1`, word: "alert" },
  vote: {
    sql: `SELECT rs.pipeline_run_id AS "runId" FROM votes v
          JOIN pipeline_run_steps rs ON rs.id = v.pipeline_run_step_id WHERE v.id = $1`,
    word: "vote",
  },
} as const;

/**
 * The run that something belongs to. It never changes, so it can be read before the run is locked.
 *
 * @throws NotFoundError
 */
export async function findRunId(deps: EngineDeps, kind: keyof typeof SOURCES, id: number): Promise<number> {
  const found = await queryable(deps.pool).maybe<{ runId: number }>(SOURCES[kind].sql, [id]);
  if (!found) throw new NotFoundError(`There is no such ${SOURCES[kind].word}.`);
  return found.runId;
}

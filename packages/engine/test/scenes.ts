import { type NextWork, nextWorkOf } from "../src/queries/next-work.ts";
import type { CandidateRow, EngineKit } from "../src/testing/engine-kit.ts";

/** A step's candidates by parent, then ordinal: which job ended first does not matter. */
export async function bySlot(kit: EngineKit, runId: number, position: number): Promise<CandidateRow[]> {
  const rows = await kit.candidates(runId, position);
  return rows.sort((a, b) => (a.parentId ?? 0) - (b.parentId ?? 0) || a.ordinal - b.ordinal);
}

/** Gives a step's candidates these ratings, in the order of their slots; returns them in that order. */
export async function rateBySlot(
  kit: EngineKit,
  runId: number,
  position: number,
  elos: readonly number[],
): Promise<CandidateRow[]> {
  const rows = await bySlot(kit, runId, position);
  if (rows.length !== elos.length) throw new Error(`${rows.length} candidates, but ${elos.length} ratings.`);
  for (const [index, { id }] of rows.entries()) {
    await kit.db.query(`UPDATE candidates SET elo = $2 WHERE id = $1`, [id, elos[index]]);
  }
  return await bySlot(kit, runId, position);
}

/** The places, in the order of the slots and from 0, of the candidates that advance. */
export async function advancingPlaces(kit: EngineKit, runId: number, position: number): Promise<number[]> {
  const rows = await bySlot(kit, runId, position);
  return rows.flatMap(({ advancement }, place) => (advancement === "ADVANCING" ? [place] : []));
}

/** A run of three steps whose step 2 waits for approval, with as many children for each of its parents. */
export async function runWaitingAtStep2(
  kit: EngineKit,
  { parents, children }: { parents: number; children: number },
): Promise<number> {
  const runId = await kit.newRun([{ maxChildren: parents }, { maxChildren: children }, {}]);
  await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
  return runId;
}

export async function nextWork(kit: EngineKit, runId: number): Promise<NextWork> {
  const work = (await nextWorkOf(kit.engine, [runId])).get(runId);
  if (!work) throw new Error(`Run ${runId} has no next work.`);
  return work;
}

export interface JobRow {
  readonly id: number;
  readonly position: number;
  readonly runStepId: number;
  readonly parentId: number | null;
  readonly ordinal: number;
  readonly seed: number;
  readonly status: string;
}

export async function jobsOf(kit: EngineKit, runId: number, position?: number): Promise<JobRow[]> {
  return await kit.db.many(
    `SELECT j.id, rs.position, rs.id AS "runStepId", j.parent_id AS "parentId", j.ordinal, j.seed::float8 AS seed, j.status
     FROM jobs j JOIN pipeline_run_steps rs ON rs.id = j.pipeline_run_step_id
     WHERE j.pipeline_run_id = $1 AND ($2::int IS NULL OR rs.position = $2) ORDER BY j.id`,
    [runId, position ?? null],
  );
}

/** How many events of a type a run has. */
export async function eventsOf(kit: EngineKit, runId: number, type: string): Promise<number> {
  const { count } = await kit.db.one<{ count: number }>(
    `SELECT count(*)::int AS count FROM run_events WHERE pipeline_run_id = $1 AND type = $2`,
    [runId, type],
  );
  return count;
}

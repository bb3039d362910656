import { placeInFamily, type Queryable } from "@sluice/engine";
import { ExportRefusal } from "./export-request.ts";

/** Which candidates of a run. */
export interface CandidateChoice {
  readonly runId: number;
  readonly runStepId: number | null;
  /** Only those that came through their step's gate. */
  readonly advancing: boolean;
  /** Only these; all when null. */
  readonly ids: readonly number[] | null;
}

/** What the manifest says of a candidate. Ids are those of the database. */
export interface CandidateFacts {
  readonly id: number;
  /** As the dashboard calls it: its place in the family, "2.1.3". */
  readonly label: string;
  /** Position of the step that made it, from 1. */
  readonly step: number;
  readonly stepName: string;
  readonly round: number;
  readonly parent: number | null;
  readonly status: string;
  readonly advancement: string;
  /** Among those of its step and round that nobody took out, best first, from 1; null for what was taken out. */
  readonly rank: number | null;
  readonly elo: number;
  readonly votes: number;
  readonly seed: number | null;
  readonly generator: string | null;
  readonly model: string | null;
  readonly costUsd: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly durationMs: number | null;
  readonly warnings: readonly string[];
  readonly importedBy: string | null;
  readonly source: string | null;
  readonly createdAt: Date;
  readonly rejectedAt: Date | null;
}

/** A candidate with what is put into files. */
export interface ChosenCandidate extends CandidateFacts {
  readonly text: string | null;
  readonly assets: readonly { readonly sha256: string; readonly mediaType: string; readonly bytes: number }[];
}

/**
 * The ids of the chosen candidates, by step, round and arrival, and the rank of each.
 *
 * @throws ExportRefusal when the run has not all that were named
 */
export async function chooseCandidates(
  db: Queryable,
  { runId, runStepId, advancing, ids }: CandidateChoice,
): Promise<{ readonly id: number; readonly rank: number | null }[]> {
  const chosen = await db.many<{ id: number; rank: number | null }>(
    `SELECT ranked.id, ranked.rank FROM (
       SELECT c.id, c.pipeline_run_step_id, c.round, c.advancement, c.status, rs.position,
         CASE WHEN c.status <> 'REJECTED' THEN row_number() OVER (
           PARTITION BY c.pipeline_run_step_id, c.round, c.status = 'REJECTED'
           ORDER BY c.elo DESC, c.vote_count DESC, c.created_at, c.id)::int END AS rank
       FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id WHERE c.pipeline_run_id = $1
     ) ranked
     WHERE ($2::int IS NULL OR pipeline_run_step_id = $2) AND ($4::int[] IS NULL OR id = ANY($4))
       AND (NOT $3 OR (advancement = 'ADVANCING' AND status <> 'REJECTED'))
     ORDER BY position, round, id`,
    [runId, runStepId, advancing, ids],
  );
  if (ids) {
    const known = await db.many<{ id: number }>(
      `SELECT id FROM candidates WHERE pipeline_run_id = $1 AND id = ANY($2)`,
      [runId, ids],
    );
    const missing = ids.find((id) => !known.some((each) => each.id === id));
    if (missing !== undefined) throw new ExportRefusal(404, `Run #${runId} has no candidate ${missing}.`);
  }
  return chosen;
}

/** Candidates with everything that is told of them, in the order of their ids in the list. Ones that are gone are left out. */
export async function readCandidates(
  db: Queryable,
  chosen: readonly { readonly id: number; readonly rank: number | null }[],
): Promise<ChosenCandidate[]> {
  const rows = await db.many<Omit<ChosenCandidate, "rank">>(CANDIDATES_SQL, [chosen.map(({ id }) => id)]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return chosen.flatMap(({ id, rank }) => {
    const row = byId.get(id);
    return row ? [{ ...row, rank }] : [];
  });
}

const CANDIDATES_SQL = `
  SELECT c.id, ${placeInFamily("c")} AS label, rs.position AS step, s.name AS "stepName", c.round, c.parent_id AS parent,
    c.status, c.advancement, c.elo, c.vote_count AS votes, j.seed::float8 AS seed, c.generator, c.model,
    c.cost_usd AS "costUsd", c.input_tokens AS "inputTokens", c.output_tokens AS "outputTokens",
    c.duration_ms AS "durationMs", c.warnings, importer.name AS "importedBy", c.source,
    c.created_at AS "createdAt", c.rejected_at AS "rejectedAt", c.text,
    coalesce((
      SELECT json_agg(json_build_object('sha256', a.sha256, 'mediaType', a.media_type, 'bytes', a.bytes) ORDER BY ca.position)
      FROM candidate_assets ca JOIN assets a ON a.sha256 = ca.sha256 WHERE ca.candidate_id = c.id
    ), '[]') AS assets
  FROM candidates c
  JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id
  JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
  LEFT JOIN jobs j ON j.candidate_id = c.id
  LEFT JOIN actors importer ON importer.id = c.imported_by_id
  WHERE c.id = ANY($1)`;

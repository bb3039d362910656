import type { RunTransaction } from "../db/run-transaction.ts";

/** What a fork takes over of the candidates of its source. */
export interface TakenOver {
  readonly fromRunId: number;
  /** Up to which step. */
  readonly position: number;
  /** The step of that run whose candidates are to be judged again. */
  readonly judgedStepId: number;
  /** Those of it that came through an open gate and wait at an APPROVAL step; null where nothing about them is decided. */
  readonly cameThrough: readonly number[] | null;
}

/**
 * Copies the candidates of the current rounds into a new run whose steps are there: with their files and parents, with
 * their ratings, and with the valid votes that those come from, so that ratings go on from there and nobody judges a
 * pair twice. The copies have no jobs: this run has spent nothing on them.
 */
export async function takeOverCandidates(tx: RunTransaction, from: TakenOver): Promise<void> {
  const sources = await tx.many<{ id: number }>(
    `SELECT c.id FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id AND rs.round = c.round
     WHERE rs.pipeline_run_id = $1 AND rs.position <= $2 ORDER BY c.id`,
    [from.fromRunId, from.position],
  );
  const copies = await tx.many<{ id: number }>(
    `SELECT nextval('candidates_id_seq')::int AS id FROM generate_series(1, $1::int)`,
    [sources.length],
  );
  // Ids tell the order in which candidates came, and a parent's is the smaller one.
  const sourceIds = sources.map(({ id }) => id);
  const copyIds = copies.map(({ id }) => id).sort((a, b) => a - b);
  await tx.query(COPY_CANDIDATES_SQL, [tx.run.id, sourceIds, copyIds, from.judgedStepId, from.cameThrough]);
  await tx.query(
    `INSERT INTO candidate_assets (candidate_id, position, sha256)
     SELECT copy.id, a.position, a.sha256 FROM unnest($1::int[], $2::int[]) AS copy(source_id, id)
     JOIN candidate_assets a ON a.candidate_id = copy.source_id`,
    [sourceIds, copyIds],
  );
  await tx.query(
    `INSERT INTO votes (pipeline_run_step_id, left_id, right_id, outcome, voter_id, created_at)
     SELECT c.pipeline_run_step_id, l.id, r.id, v.outcome, v.voter_id, v.created_at
     FROM votes v
     JOIN unnest($1::int[], $2::int[]) AS l(source_id, id) ON l.source_id = v.left_id
     JOIN unnest($1::int[], $2::int[]) AS r(source_id, id) ON r.source_id = v.right_id
     JOIN candidates c ON c.id = l.id
     WHERE v.revoked_at IS NULL ORDER BY v.id`,
    [sourceIds, copyIds],
  );
  await tx.query(
    `UPDATE pipeline_run_steps rs SET expected_candidates = (
       SELECT count(*) FROM candidates c WHERE c.pipeline_run_step_id = rs.id AND c.status = 'ACTIVE')
     WHERE rs.pipeline_run_id = $1 AND rs.position <= $2`,
    [tx.run.id, from.position],
  );
}

const COPY_CANDIDATES_SQL = `
  INSERT INTO candidates (id, pipeline_run_id, pipeline_run_step_id, parent_id, ordinal, status, advancement, elo,
    vote_count, text, meta, next_ordinal, created_at, rejected_at, generator, model, cost_usd, input_tokens, output_tokens,
    duration_ms, warnings, imported_by_id, source)
  SELECT copy.id, $1, own.id, parent.id, c.ordinal, c.status,
    CASE WHEN c.pipeline_run_step_id <> $4 THEN c.advancement
      WHEN $5::int[] IS NULL THEN 'UNDECIDED'
      WHEN c.id = ANY($5) THEN 'ADVANCING' ELSE 'NOT_ADVANCING' END,
    c.elo, c.vote_count, c.text, c.meta,
    -- What was made of those that are judged again stays behind.
    CASE WHEN c.pipeline_run_step_id = $4 THEN 1 ELSE c.next_ordinal END,
    c.created_at, c.rejected_at, c.generator, c.model, c.cost_usd, c.input_tokens, c.output_tokens, c.duration_ms,
    c.warnings, c.imported_by_id, c.source
  FROM unnest($2::int[], $3::int[]) AS copy(source_id, id)
  JOIN candidates c ON c.id = copy.source_id
  JOIN pipeline_run_steps theirs ON theirs.id = c.pipeline_run_step_id
  JOIN pipeline_run_steps own ON own.pipeline_run_id = $1 AND own.position = theirs.position
  LEFT JOIN unnest($2::int[], $3::int[]) AS parent(source_id, id) ON parent.source_id = c.parent_id`;

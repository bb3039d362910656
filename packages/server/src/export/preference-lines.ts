import { type EngineDeps, placeInFamily, queryable } from "@sluice/engine";

/** Which votes. */
export interface PreferenceChoice {
  /** Of one run; of all when null. */
  readonly runId: number | null;
  readonly runStepId: number | null;
  /** Those that found both as good, too. */
  readonly ties: boolean;
}

/** A side as it is read: its text or, where it has none, its first picture. */
interface Side {
  readonly id: number;
  readonly label: string;
  readonly parent: number | null;
  readonly text: string | null;
  readonly sha256: string | null;
  readonly mediaType: string | null;
}

interface PreferenceRow {
  readonly voteId: number;
  readonly outcome: "LEFT" | "RIGHT" | "TIE";
  readonly prompt: string;
  readonly run: number;
  readonly pipeline: string;
  readonly step: number;
  readonly stepName: string;
  readonly round: number;
  readonly voter: number;
  readonly votedAt: Date;
  readonly left: Side;
  readonly right: Side;
}

/** Votes that are read at a time: each has two texts, which may have a million characters. */
const PAGE = 25;

/**
 * Pairs of which somebody preferred one, as JSON lines in the order of the votes: what preference tuning takes. Votes that
 * were taken back are left out, and those that changed no rating. What comes meanwhile is not part of it.
 *
 * A fork has copies of the votes that it took over. Over all runs they are told once, where they were given.
 */
export async function* preferenceLines(
  deps: Pick<EngineDeps, "pool">,
  { runId, runStepId, ties }: PreferenceChoice,
): AsyncGenerator<string, void> {
  const db = queryable(deps.pool);
  const { end } = await db.one<{ end: number }>(`SELECT coalesce(max(id), 0) AS end FROM votes`);
  for (let after = 0; ; ) {
    const rows = await db.many<PreferenceRow>(PREFERENCES_SQL, [after, end, runId, runStepId, ties, PAGE]);
    for (const row of rows) yield `${JSON.stringify(preferenceOf(row))}\n`;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.voteId;
  }
}

/** Of a tie the left one stands for the chosen one. */
function preferenceOf({ voteId, outcome, prompt, left, right, ...about }: PreferenceRow): object {
  const [chosen, rejected] = outcome === "RIGHT" ? [right, left] : [left, right];
  return {
    prompt,
    chosen: shownOf(chosen),
    rejected: shownOf(rejected),
    tie: outcome === "TIE",
    chosenId: chosen.id,
    rejectedId: rejected.id,
    chosenLabel: chosen.label,
    rejectedLabel: rejected.label,
    chosenParent: chosen.parent,
    rejectedParent: rejected.parent,
    voteId,
    ...about,
  };
}

function shownOf({ text, sha256, mediaType }: Side): string | object | null {
  if (text !== null) return text;
  return sha256 === null ? null : { sha256, mediaType, url: `/assets/${sha256}` };
}

const sideSql = (candidate: string): string => `
  json_build_object('id', ${candidate}.id, 'label', ${placeInFamily(candidate)}, 'parent', ${candidate}.parent_id,
    'text', ${candidate}.text, 'sha256', ${candidate}_asset.sha256, 'mediaType', ${candidate}_asset.media_type)`;

const assetSql = (candidate: string): string => `
  LEFT JOIN candidate_assets ${candidate}_first ON ${candidate}_first.candidate_id = ${candidate}.id AND ${candidate}_first.position = 0
  LEFT JOIN assets ${candidate}_asset ON ${candidate}_asset.sha256 = ${candidate}_first.sha256`;

const PREFERENCES_SQL = `
  SELECT v.id AS "voteId", v.outcome, r.prompt, r.id AS run, p.name AS pipeline, rs.position AS step, s.name AS "stepName",
    l.round, v.voter_id AS voter, v.created_at AS "votedAt", ${sideSql("l")} AS left, ${sideSql("r2")} AS right
  FROM votes v
  JOIN pipeline_run_steps rs ON rs.id = v.pipeline_run_step_id
  JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
  JOIN pipeline_runs r ON r.id = rs.pipeline_run_id
  JOIN pipelines p ON p.id = r.pipeline_id
  JOIN candidates l ON l.id = v.left_id
  JOIN candidates r2 ON r2.id = v.right_id
  ${assetSql("l")} ${assetSql("r2")}
  WHERE v.id > $1 AND v.id <= $2 AND v.revoked_at IS NULL
    AND v.outcome IN ('LEFT', 'RIGHT', CASE WHEN $5 THEN 'TIE'::vote_outcome ELSE 'LEFT' END)
    AND CASE WHEN $3::int IS NULL THEN r.forked_from_id IS NULL OR v.created_at >= r.created_at ELSE r.id = $3 END
    AND ($4::int IS NULL OR rs.id = $4)
  ORDER BY v.id LIMIT $6`;

import {
  type ApprovalPreview,
  type EngineDeps,
  isRankable,
  type OpenedLink,
  openDecisionLink,
  previewApproval,
  queryable,
  whyLinkIsOver,
  whyMayNotDecide,
} from "@sluice/engine";

/** What the page behind a decision link shows. */
export interface LinkView {
  readonly link: OpenedLink;
  readonly run: { readonly name: string; readonly prompt: string; readonly pipeline: string };
  readonly step: { readonly position: number; readonly name: string; readonly round: number };
  readonly preview: ApprovalPreview;
  /** The best first, with what there is to see of each. */
  readonly shown: readonly ShownCandidate[];
  /** Why nothing can be decided here, as a sentence; null when it can. */
  readonly over: string | null;
}

export interface ShownCandidate {
  readonly id: number;
  readonly rank: number;
  readonly elo: number;
  readonly voteCount: number;
  readonly willAdvance: boolean;
  /** The start of its text. */
  readonly text: string | null;
  readonly hasPicture: boolean;
}

/** More than anybody compares on a page; the dashboard shows all. */
const MAX_SHOWN = 60;

/**
 * Looks behind a link; changes nothing.
 *
 * @returns null where there is no such link
 */
export async function viewLink(deps: EngineDeps, secret: string, topK?: number): Promise<LinkView | null> {
  const db = queryable(deps.pool);
  const link = await openDecisionLink(db, secret);
  if (!link) return null;
  const about = await db.one<Pick<LinkView, "run" | "step">>(
    `SELECT jsonb_build_object('name', r.name, 'prompt', r.prompt, 'pipeline', p.name) AS run,
            jsonb_build_object('position', rs.position, 'name', s.name, 'round', rs.round) AS step
     FROM pipeline_run_steps rs JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
     JOIN pipeline_runs r ON r.id = rs.pipeline_run_id JOIN pipelines p ON p.id = r.pipeline_id WHERE rs.id = $1`,
    [link.runStepId],
  );
  const preview = await previewApproval(deps, link.runStepId, topK);
  const best = preview.ranked.slice(0, MAX_SHOWN);
  const seen = await db.many<{ id: number; text: string | null; elo: number; voteCount: number; hasPicture: boolean }>(
    `SELECT c.id, left(c.text, 600) AS text, c.elo, c.vote_count AS "voteCount", EXISTS (${PICTURES}) AS "hasPicture"
     FROM candidates c WHERE c.id = ANY($1)`,
    [best.map(({ id }) => id)],
  );
  const byId = new Map(seen.map((candidate) => [candidate.id, candidate]));
  return {
    link,
    ...about,
    preview,
    shown: best.flatMap(({ id, rank, willAdvance }) => {
      const candidate = byId.get(id);
      return candidate ? [{ ...candidate, rank, willAdvance }] : [];
    }),
    over: whyLinkIsOver(link) ?? whyMayNotDecide(link.actor, preview.gate),
  };
}

const PICTURES = `
  SELECT FROM candidate_assets ca JOIN assets a ON a.sha256 = ca.sha256
  WHERE ca.candidate_id = c.id AND a.media_type LIKE 'image/%'`;

/**
 * The first picture of a candidate of the very step that a link is about.
 *
 * @returns its SHA-256; null where there is none, or the link shows nothing any more
 */
export async function pictureBehindLink(deps: EngineDeps, secret: string, candidateId: number): Promise<string | null> {
  const db = queryable(deps.pool);
  const link = await openDecisionLink(db, secret);
  if (!link || whyLinkIsOver(link) !== null) return null;
  if (!(await isRankable(db, { runStepId: link.runStepId, candidateId }))) return null;
  const picture = await db.maybe<{ sha256: string }>(
    `SELECT a.sha256 FROM candidate_assets ca JOIN assets a ON a.sha256 = ca.sha256
     WHERE ca.candidate_id = $1 AND a.media_type LIKE 'image/%' ORDER BY ca.position LIMIT 1`,
    [candidateId],
  );
  return picture?.sha256 ?? null;
}

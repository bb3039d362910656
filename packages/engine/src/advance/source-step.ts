/**
 * SQL of the run step whose candidates the gate of the run step `rs` closes: itself, or for an APPROVAL step the one
 * before it that makes candidates. For a `CROSS JOIN LATERAL (…)`; one row with `id` and `ranking_version`.
 */
export const SOURCE_STEP = `
  SELECT before.id, before.ranking_version
  FROM pipeline_run_steps before JOIN pipeline_steps made ON made.id = before.pipeline_step_id
  WHERE before.pipeline_run_id = rs.pipeline_run_id AND before.position <= rs.position AND made.kind <> 'APPROVAL'
  ORDER BY before.position DESC LIMIT 1`;

import type { Queryable } from "../db/queryable.ts";
import { givenUp } from "../rules/given-up.ts";

/** What holds of the rows of every run, whenever nobody is in the middle of a transaction: each statement finds what breaks it. */
const RULES: readonly { readonly rule: string; readonly broken: string }[] = [
  {
    rule: "G2: whatever has a parent came through every gate between the two",
    broken: `
      SELECT made.what, made.id FROM (
        SELECT 'job' AS what, id, pipeline_run_id, pipeline_run_step_id, parent_id, round FROM jobs
        UNION ALL SELECT 'candidate', id, pipeline_run_id, pipeline_run_step_id, parent_id, round FROM candidates
      ) made
      JOIN pipeline_run_steps own ON own.id = made.pipeline_run_step_id
      JOIN candidates p ON p.id = made.parent_id
      JOIN pipeline_run_steps source ON source.id = p.pipeline_run_step_id
      WHERE p.pipeline_run_id <> made.pipeline_run_id OR source.position >= own.position
        OR NOT (p.advancement = 'ADVANCING' OR p.status = 'REJECTED')
        OR made.round = own.round AND (p.round <> source.round OR EXISTS (
          SELECT 1 FROM pipeline_run_steps gate JOIN pipeline_steps s ON s.id = gate.pipeline_step_id
          WHERE gate.pipeline_run_id = made.pipeline_run_id
            AND gate.position >= source.position AND gate.position < own.position
            AND gate.status <> 'APPROVED' AND NOT (gate.gate = 'OPEN' AND s.kind <> 'APPROVAL')))`,
  },
  {
    rule: "G2: only the first step that generates makes candidates without a parent",
    broken: `
      SELECT j.id FROM jobs j JOIN pipeline_run_steps rs ON rs.id = j.pipeline_run_step_id
      WHERE (j.parent_id IS NULL) <> NOT EXISTS (
        SELECT 1 FROM pipeline_run_steps before JOIN pipeline_steps s ON s.id = before.pipeline_step_id
        WHERE before.pipeline_run_id = rs.pipeline_run_id AND before.position < rs.position AND s.kind <> 'APPROVAL')`,
  },
  {
    rule: "G3: what the last gate of a step let through is the top K of what its approver was shown",
    broken: `
      SELECT a.id, c.id AS candidate, c.advancement FROM approvals a
      JOIN pipeline_run_steps gate ON gate.id = a.pipeline_run_step_id
      JOIN pipeline_steps gs ON gs.id = gate.pipeline_step_id
      CROSS JOIN LATERAL (
        SELECT rs.id FROM pipeline_run_steps rs JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
        WHERE rs.pipeline_run_id = gate.pipeline_run_id AND rs.position <= gate.position AND s.kind <> 'APPROVAL'
        ORDER BY rs.position DESC LIMIT 1
      ) source
      JOIN candidates c ON c.pipeline_run_step_id = source.id AND c.status = 'ACTIVE'
      WHERE a.status = 'APPROVED' AND a.snapshot IS NOT NULL AND a.round = gate.round
        AND NOT EXISTS (
          SELECT 1 FROM pipeline_run_steps cut JOIN pipeline_steps s ON s.id = cut.pipeline_step_id
          WHERE cut.pipeline_run_id = gate.pipeline_run_id AND cut.position > gate.position AND s.kind = 'APPROVAL'
            AND cut.frozen_at IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM pipeline_run_steps made JOIN pipeline_steps ms ON ms.id = made.pipeline_step_id
              WHERE made.pipeline_run_id = gate.pipeline_run_id AND ms.kind <> 'APPROVAL'
                AND made.position > gate.position AND made.position < cut.position))
        AND (c.advancement = 'ADVANCING') <> EXISTS (
          SELECT 1 FROM jsonb_array_elements(a.snapshot->'ranked') WITH ORDINALITY AS shown(candidate, place)
          WHERE (shown.candidate->>'id')::int = c.id AND shown.place <= a.top_k)`,
  },
  {
    rule: "G3: nothing joins what is frozen",
    broken: `
      SELECT c.id FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id
      WHERE c.advancement = 'ADVANCING' AND c.round = rs.round AND c.created_at > rs.frozen_at`,
  },
  {
    rule: "G4: no more than K advance through a gate that filters",
    broken: `
      SELECT rs.id FROM pipeline_run_steps rs
      JOIN candidates c ON c.pipeline_run_step_id = rs.id AND c.advancement = 'ADVANCING' AND c.round = rs.round
      WHERE rs.gate <> 'OPEN' AND rs.frozen_at IS NOT NULL GROUP BY rs.id HAVING count(*) > rs.top_k_count`,
  },
  {
    rule: "G11, S3: each slot has one job, and each finished job one candidate of its slot, but for what was imported or a fork took over",
    broken: `
      SELECT j.id AS job, c.id AS candidate FROM jobs j FULL JOIN candidates c ON c.id = j.candidate_id
      WHERE c.id IS NULL AND j.status = 'COMPLETED' OR (c.id IS NOT NULL AND j.id IS NOT NULL AND (j.status <> 'COMPLETED'
        OR (j.pipeline_run_step_id, j.round, j.ordinal) <> (c.pipeline_run_step_id, c.round, c.ordinal)
        OR j.parent_id IS DISTINCT FROM c.parent_id))
        OR j.id IS NULL AND c.generator IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM pipeline_runs r JOIN pipeline_run_steps rs ON rs.pipeline_run_id = r.id
          WHERE rs.id = c.pipeline_run_step_id AND rs.position <= r.forked_at_position AND c.round = 1)`,
  },
  {
    rule: "S3: what a step expects is taken or open; after the decision a rejection frees nothing",
    broken: `
      SELECT * FROM (
        SELECT rs.id, rs.frozen_at IS NOT NULL AS frozen, rs.expected_candidates AS expected, rs.open_slots
          + (SELECT count(*) FROM candidates c WHERE c.pipeline_run_step_id = rs.id AND c.status = 'ACTIVE')
          + (SELECT count(*) FROM jobs j WHERE j.pipeline_run_step_id = rs.id AND j.round = rs.round
              AND (j.status IN ('QUEUED', 'RUNNING') OR ${givenUp("j")}))
          + coalesce((
            SELECT sum(p.open_slots) FROM candidates p JOIN pipeline_run_steps own ON own.id = p.pipeline_run_step_id
            WHERE p.pipeline_run_id = rs.pipeline_run_id AND own.position < rs.position AND rs.position = (
              SELECT min(child.position) FROM pipeline_run_steps child JOIN pipeline_steps s ON s.id = child.pipeline_step_id
              WHERE child.pipeline_run_id = rs.pipeline_run_id AND child.position > own.position AND s.kind <> 'APPROVAL')
          ), 0) AS known,
          (SELECT count(*) FROM candidates c
            WHERE c.pipeline_run_step_id = rs.id AND c.round = rs.round AND c.status = 'REJECTED') AS rejected
        FROM pipeline_run_steps rs JOIN pipeline_runs r ON r.id = rs.pipeline_run_id
        WHERE r.status IN ('RUNNING', 'WAITING_FOR_APPROVAL', 'COMPLETED')
      ) step
      WHERE NOT expected - known BETWEEN 0 AND CASE WHEN frozen THEN rejected ELSE 0 END`,
  },
  {
    rule: "the numbers of a run's events have no gap and end at its cursor",
    broken: `
      SELECT r.id, r.event_seq, count(e.id), max(e.seq) FROM pipeline_runs r
      LEFT JOIN run_events e ON e.pipeline_run_id = r.id
      GROUP BY r.id HAVING count(e.id) <> r.event_seq OR coalesce(max(e.seq), 0) <> r.event_seq`,
  },
  {
    rule: "G10: a run is COMPLETED exactly when every gate is open",
    broken: `
      SELECT r.id, r.status FROM pipeline_runs r JOIN pipeline_run_steps rs ON rs.pipeline_run_id = r.id
      GROUP BY r.id HAVING (r.status = 'COMPLETED') <> bool_and(rs.status = 'APPROVED')`,
  },
  {
    rule: "A3: a run waits exactly when a step waits and none generates",
    broken: `
      SELECT r.id, r.status FROM pipeline_runs r JOIN pipeline_run_steps rs ON rs.pipeline_run_id = r.id
      WHERE r.status IN ('RUNNING', 'WAITING_FOR_APPROVAL') GROUP BY r.id
      HAVING (r.status = 'WAITING_FOR_APPROVAL') <>
        (bool_or(rs.status = 'AWAITING_APPROVAL') AND NOT bool_or(rs.status = 'GENERATING'))`,
  },
  {
    rule: "A3: each step that waits has one request, and no other step has any",
    broken: `
      SELECT rs.id, rs.status, r.status AS run FROM pipeline_run_steps rs
      JOIN pipeline_runs r ON r.id = rs.pipeline_run_id
      LEFT JOIN approvals a ON a.pipeline_run_step_id = rs.id AND a.status = 'PENDING'
      GROUP BY rs.id, r.status
      HAVING count(a.id) <> (rs.status = 'AWAITING_APPROVAL' AND r.status IN ('RUNNING', 'WAITING_FOR_APPROVAL'))::int`,
  },
  {
    rule: "G6, G11: a gate is decided once in each round",
    broken: `
      SELECT d.pipeline_run_id, rs.id AS step, round.number, count(*) AS decided
      FROM run_events d JOIN pipeline_run_steps rs ON rs.id = (d.data->>'runStepId')::int
      CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM run_events back
        JOIN pipeline_run_steps first ON first.id = (back.data->>'toRunStepId')::int
        JOIN pipeline_run_steps last ON last.id = (back.data->>'runStepId')::int
        WHERE back.pipeline_run_id = d.pipeline_run_id AND back.type = 'step_sent_back' AND back.seq < d.seq
          AND rs.position BETWEEN first.position AND last.position
      ) round
      WHERE d.type IN ('approval_granted', 'approval_rejected', 'step_sent_back') GROUP BY 1, 2, 3 HAVING count(*) > 1`,
  },
  {
    rule: "F15: what was made in an earlier round is out, and its jobs are over",
    broken: `
      SELECT rs.id, made.what, made.id AS row, made.status FROM pipeline_run_steps rs JOIN (
        SELECT 'candidate' AS what, id, pipeline_run_step_id, round, status::text FROM candidates
        UNION ALL SELECT 'job', id, pipeline_run_step_id, round, status::text FROM jobs
      ) made ON made.pipeline_run_step_id = rs.id
      WHERE made.round > rs.round OR made.round < rs.round AND made.status IN ('ACTIVE', 'QUEUED', 'RUNNING')
        OR made.round = rs.round AND made.status = 'SUPERSEDED'`,
  },
  {
    rule: "a run that has ended has nothing in flight, no open slot and nobody who waits",
    broken: `
      SELECT r.id, r.status FROM pipeline_runs r
      WHERE r.status NOT IN ('RUNNING', 'WAITING_FOR_APPROVAL') AND (
        EXISTS (SELECT 1 FROM jobs j WHERE j.pipeline_run_id = r.id AND j.status IN ('QUEUED', 'RUNNING'))
        OR EXISTS (SELECT 1 FROM candidates c WHERE c.pipeline_run_id = r.id AND c.open_slots > 0)
        OR EXISTS (SELECT 1 FROM pipeline_run_steps rs WHERE rs.pipeline_run_id = r.id AND rs.open_slots > 0)
        OR EXISTS (SELECT 1 FROM approvals a WHERE a.pipeline_run_id = r.id AND a.status = 'PENDING'))`,
  },
  {
    rule: "only of a job that runs there is an unfinished candidate to see",
    broken: `
      SELECT j.id, j.status FROM jobs j LEFT JOIN job_previews p ON p.job_id = j.id
      WHERE j.status <> 'RUNNING' AND (p.job_id IS NOT NULL OR j.text_so_far IS NOT NULL)`,
  },
  {
    rule: "S2: between transactions no slot of an active run is without a job",
    broken: `
      SELECT r.id FROM pipeline_runs r WHERE
        EXISTS (SELECT 1 FROM candidates c WHERE c.pipeline_run_id = r.id AND c.open_slots > 0)
        OR EXISTS (SELECT 1 FROM pipeline_run_steps rs WHERE rs.pipeline_run_id = r.id AND rs.open_slots > 0)`,
  },
  {
    rule: "V3: votes that are counted are votes that stand",
    broken: `
      SELECT c.id, c.vote_count FROM candidates c
      LEFT JOIN votes v ON c.id IN (v.left_id, v.right_id) AND v.revoked_at IS NULL AND v.outcome IN ('LEFT', 'RIGHT', 'TIE')
      GROUP BY c.id HAVING count(v.id) <> c.vote_count`,
  },
];

const ALL_RULES = RULES.map(
  ({ broken }, index) => `SELECT ${index} AS rule, to_jsonb(found) AS row FROM (${broken}) found`,
).join("\nUNION ALL ");

/**
 * Checks all runs of a database against the rules that hold of their rows, in one statement, so in one snapshot.
 *
 * @returns what is broken, in words, with its row; empty when everything is as it should be
 */
export async function brokenRunRules(db: Pick<Queryable, "many">): Promise<string[]> {
  const found = await db.many<{ rule: number; row: unknown }>(ALL_RULES);
  return found.map(({ rule, row }) => `${RULES[rule]?.rule}: ${JSON.stringify(row)}`);
}

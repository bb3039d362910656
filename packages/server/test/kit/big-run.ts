import type { ServerKit } from "./server-kit.ts";
import { type ApiRun, applyPipeline, createRun, mutate, untilStep } from "./spec-runs.ts";

/** Of each step but the last so many advance. */
export const BIG_RUN_ADVANCING = 40;

/**
 * A run of many texts ("line 17"), put into the database as they are: making them would take minutes. It is aborted, so
 * that nobody works on what the rules would not have made. `perStep` says how many candidates each step has; the
 * children of a step's advancing ones share the next step.
 */
export async function bigRun(kit: ServerKit, perStep: readonly number[]): Promise<ApiRun> {
  const name = `Big ${crypto.randomUUID()}`;
  await applyPipeline(
    kit,
    name,
    perStep.map((_, index) => `{ name: Step ${index + 1}, type: generate, generator: grammar }`),
  );
  const run = await createRun(kit, name, { maxChildrenPerNode: 1, reviewFirstStep: true });
  await untilStep(kit, run, 1, "AWAITING_APPROVAL");
  await mutate(kit, "abortRun", { runId: run.id });
  for (const [index, count] of perStep.entries()) {
    const last = index === perStep.length - 1;
    await kit.db.query(
      `WITH step AS (
         SELECT id FROM pipeline_run_steps WHERE pipeline_run_id = $1 AND position = $2
       ), parents AS (
         SELECT c.id, row_number() OVER (ORDER BY c.id) - 1 AS nth, count(*) OVER () AS all
         FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id
         WHERE c.pipeline_run_id = $1 AND rs.position = $2 - 1 AND c.advancement = 'ADVANCING'
       ), made AS (
         INSERT INTO candidates (pipeline_run_id, pipeline_run_step_id, parent_id, ordinal, text, elo, advancement)
         SELECT $1, step.id, parents.id, 100 + n, '', 1000 + (n * 7919) % 400 - 200, $4::advancement
         FROM step, generate_series(1, $3::int) AS n LEFT JOIN parents ON parents.nth = n % parents.all
         ORDER BY n RETURNING id
       ) SELECT count(*) FROM made`,
      [run.number, index + 1, index === 0 ? count - 1 : count, last ? "UNDECIDED" : "NOT_ADVANCING"],
    );
    if (last) continue;
    await kit.db.query(
      `UPDATE candidates SET advancement = CASE WHEN id IN (
         SELECT c.id FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id
         WHERE c.pipeline_run_id = $1 AND rs.position = $2 ORDER BY c.elo DESC, c.id LIMIT ${BIG_RUN_ADVANCING}
       ) THEN 'ADVANCING' ELSE 'NOT_ADVANCING' END::advancement
       WHERE pipeline_run_step_id = (SELECT id FROM pipeline_run_steps WHERE pipeline_run_id = $1 AND position = $2)`,
      [run.number, index + 1],
    );
  }
  await kit.db.query(`UPDATE candidates SET text = 'line ' || id WHERE pipeline_run_id = $1`, [run.number]);
  return run;
}

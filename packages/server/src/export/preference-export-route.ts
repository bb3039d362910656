import { type Actor, type EngineDeps, queryable } from "@sluice/engine";
import { Hono } from "hono";
import { assertParameters, ExportRefusal, exporting, flagOf, runIdOf, runStepIdOf } from "./export-request.ts";
import { preferenceLines } from "./preference-lines.ts";
import { streamOf } from "./stream-of.ts";

/**
 * `/export/preferences.jsonl`: each vote that preferred one of two candidates, over all runs, or in the run and the step
 * that `?run=` and `?step=` name; with `?ties=true` those that found both as good, too.
 */
export function preferenceExportRoute(deps: {
  readonly engine: Pick<EngineDeps, "pool">;
  readonly onError: (error: unknown) => void;
}): Hono<{ Variables: { actor: Actor } }> {
  const app = new Hono<{ Variables: { actor: Actor } }>();
  app.get("/preferences.jsonl", (context) =>
    exporting(context, async () => {
      assertParameters(context, ["run", "step", "ties"]);
      const db = queryable(deps.engine.pool);
      const run = context.req.query("run");
      const step = context.req.query("step");
      if (run === undefined && step !== undefined) {
        throw new ExportRefusal(400, "Name the run of the step as well: ?run=12&step=2.");
      }
      const runId = run === undefined ? null : runIdOf(run);
      if (runId !== null && !(await db.maybe(`SELECT id FROM pipeline_runs WHERE id = $1`, [runId]))) {
        throw new ExportRefusal(404, `There is no run #${runId}.`);
      }
      const runStepId = runId === null || step === undefined ? null : await runStepIdOf(db, runId, step);
      const choice = { runId, runStepId, ties: flagOf(context, "ties") };
      const name = runId === null ? "sluice-preferences" : `sluice-preferences-run-${runId}`;
      context.header("Content-Type", "application/jsonl; charset=utf-8");
      context.header("Content-Disposition", `attachment; filename="${name}.jsonl"`);
      return context.body(streamOf(preferenceLines(deps.engine, choice), deps.onError));
    }),
  );
  return app;
}

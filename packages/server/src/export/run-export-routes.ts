import { type Actor, queryable } from "@sluice/engine";
import { Hono } from "hono";
import { type ArchiveDeps, candidateFiles } from "./candidate-files.ts";
import { chooseCandidates } from "./chosen-candidates.ts";
import {
  assertParameters,
  candidateIdOf,
  ExportRefusal,
  exporting,
  flagOf,
  runIdOf,
  runStepIdOf,
} from "./export-request.ts";
import { streamOf } from "./stream-of.ts";
import { zipped } from "./zipped.ts";

/**
 * `/export/runs/<number or id>/candidates.zip`: the texts and pictures of a run, and a manifest of what they are. `?step=`,
 * `?advancing=true` and `?ids=` choose among them. Streamed file by file.
 */
export function runExportRoutes(
  deps: ArchiveDeps & { readonly onError: (error: unknown) => void },
): Hono<{ Variables: { actor: Actor } }> {
  const app = new Hono<{ Variables: { actor: Actor } }>();
  app.get("/runs/:run/candidates.zip", (context) =>
    exporting(context, async () => {
      assertParameters(context, ["step", "advancing", "ids"]);
      const db = queryable(deps.engine.pool);
      const runId = runIdOf(context.req.param("run"));
      const run = await db.maybe<object>(RUN_SQL, [runId]);
      if (!run) throw new ExportRefusal(404, `There is no run #${runId}.`);
      const step = context.req.query("step");
      const choice = {
        runId,
        runStepId: step === undefined ? null : await runStepIdOf(db, runId, step),
        advancing: flagOf(context, "advancing"),
        ids: idsOf(context.req.query("ids")),
      };
      const chosen = await chooseCandidates(db, choice);
      const about = {
        format: "sluice-candidates",
        version: 1,
        exportedAt: new Date().toISOString(),
        run,
        choice: { step: step ?? null, advancing: choice.advancing, ids: choice.ids },
      };
      context.header("Content-Type", "application/zip");
      context.header("Content-Disposition", `attachment; filename="sluice-run-${runId}-candidates.zip"`);
      return context.body(streamOf(zipped(candidateFiles(deps, about, chosen)), deps.onError));
    }),
  );
  return app;
}

const RUN_SQL = `
  SELECT r.id AS number, r.name, r.prompt, r.variables, r.status, p.name AS pipeline, p.version AS "pipelineVersion",
    r.max_children_per_node AS n, r.default_top_k AS k, r.created_at AS "createdAt", r.finished_at AS "finishedAt"
  FROM pipeline_runs r JOIN pipelines p ON p.id = r.pipeline_id WHERE r.id = $1`;

/** @throws ExportRefusal where something is no id */
function idsOf(text: string | undefined): number[] | null {
  if (text === undefined) return null;
  return text.split(",").map((each) => {
    const id = candidateIdOf(each.trim());
    if (id === 0) throw new ExportRefusal(400, `“${each}” is no candidate's id. Put commas between ids.`);
    return id;
  });
}

import { type Actor, type AuditRow, type EngineDeps, queryable, readAudit } from "@sluice/engine";
import { Hono } from "hono";
import { csvHeader, csvLines } from "./approval-csv.ts";
import { assertParameters, ExportRefusal, exporting, runIdOf } from "./export-request.ts";
import { streamOf } from "./stream-of.ts";

interface Format {
  readonly mediaType: string;
  readonly header: string;
  readonly lines: (rows: readonly AuditRow[]) => string;
}

const FORMATS = {
  csv: { mediaType: "text/csv; charset=utf-8; header=present", header: csvHeader(), lines: csvLines },
  jsonl: { mediaType: "application/jsonl; charset=utf-8", header: "", lines: jsonLines },
} as const satisfies Record<string, Format>;

/**
 * `/export/approvals.csv` and `/export/approvals.jsonl`: everything that was decided, the oldest first, over all runs
 * or in the one that `?run=` names by its number or its id. Streamed page by page from the audit chain as it is when
 * the answer begins.
 */
export function approvalExportRoutes(deps: {
  readonly engine: Pick<EngineDeps, "pool">;
  readonly onError: (error: unknown) => void;
}): Hono<{ Variables: { actor: Actor } }> {
  const app = new Hono<{ Variables: { actor: Actor } }>();
  for (const [extension, format] of Object.entries(FORMATS)) {
    app.get(`/approvals.${extension}`, (context) =>
      exporting(context, async () => {
        assertParameters(context, ["run"]);
        const wanted = context.req.query("run");
        const runId = wanted === undefined ? undefined : runIdOf(wanted);
        if (runId !== undefined && !(await isKnown(deps, runId))) {
          throw new ExportRefusal(404, `There is no run #${runId}.`);
        }
        const name = runId === undefined ? "sluice-approvals" : `sluice-approvals-run-${runId}`;
        context.header("Content-Type", format.mediaType);
        context.header("Content-Disposition", `attachment; filename="${name}.${extension}"`);
        return context.body(streamOf(textOf(deps, format, runId), deps.onError));
      }),
    );
  }
  return app;
}

async function* textOf(
  deps: { readonly engine: Pick<EngineDeps, "pool"> },
  { header, lines }: Format,
  runId: number | undefined,
): AsyncGenerator<string, void> {
  yield header;
  for await (const rows of readAudit(deps.engine, { runId })) yield lines(rows);
}

/** The text that was hashed as it is, so that anybody can check it with SHA-256 alone. */
function jsonLines(rows: readonly AuditRow[]): string {
  return rows
    .map(({ id, previousHash, hash, entry }) => `${JSON.stringify({ id, previousHash, hash, entry })}\n`)
    .join("");
}

/** What was decided in a run outlives it. */
async function isKnown({ engine }: { readonly engine: Pick<EngineDeps, "pool"> }, runId: number): Promise<boolean> {
  const { known } = await queryable(engine.pool).one<{ known: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM pipeline_runs WHERE id = $1)
         OR EXISTS (SELECT 1 FROM audit_entries WHERE pipeline_run_id = $1) AS known`,
    [runId],
  );
  return known;
}

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { openSchemaEngine } from "./migrations/schema-engine.ts";

const schemaFile = fileURLToPath(new URL("../schema.prisma", import.meta.url));

/**
 * What would have to change in the database at `url` for it to be what `schema.prisma` says, as SQL statements; empty
 * when they agree. What the schema language cannot express must be listed in `notExpressible`, word for word.
 */
export async function schemaDrift(url: string, schema = readFileSync(schemaFile, "utf8")): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    using open = await openSchemaEngine(pool);
    const files = [{ path: schemaFile, content: schema }];
    const { stdout } = await open.engine.diff({
      from: { tag: "schemaDatasource", files, configDir: "" },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: false,
      filters: { externalTables: ["public._prisma_migrations"], externalEnums: [] },
    });
    return (stdout ?? "")
      .split(/^-- .*$/m)
      .map((statement) => statement.trim())
      .filter((statement) => statement && !notExpressible.has(statement));
  } finally {
    await pool.end();
  }
}

const notExpressible = new Set([
  // UNIQUE … NULLS NOT DISTINCT: a slot without a parent is one slot too.
  'DROP INDEX "candidates_slot_key";',
  'DROP INDEX "jobs_slot_key";',
  // An index with a column of type xid8.
  'DROP INDEX "run_events_tail";',
  'DROP INDEX "run_events_alerts";',
  'DROP INDEX "deliveries_once";',
]);

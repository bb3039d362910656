/**
 * What it costs to find and fill a run's open slots, against how many candidates the run has (S3). Run:
 * `node bench/src/job-selection.ts [times]`.
 *
 * A candidate is rejected and its slot filled again, which is one transaction: the run's lock, the selection, the new
 * job and its queue entry. Beside it, in turn and on the same rows, stands the selection that needs no counters: count
 * every parent's children and compare with N.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate, startEmbeddedPostgres } from "@sluice/db";
import { type Actor, applyDefinitions, createRun, migrateQueue, parseDocument, rejectCandidate } from "@sluice/engine";
import pg from "pg";
import { HEADER, row } from "./live/quantiles.ts";

const TIMES = Number(process.argv[2] ?? 100);
const SIZES = [1_000, 100_000];
const PIPELINE = `pipelines: [{ name: Large, steps: [{ name: Step, type: generate, generator: none, n: 1, gate: manual }] }]`;

const dataDir = await mkdtemp(join(tmpdir(), "sluice-bench-"));
await using stack = new AsyncDisposableStack();
stack.defer(() => rm(dataDir, { recursive: true, force: true }));
const postgres = stack.use(await startEmbeddedPostgres({ dataDir, log: () => {} }));
await migrate({ url: postgres.url, log: () => {} });
const pool = new pg.Pool({ connectionString: postgres.url });
pool.on("error", () => {});
pool.on("connect", (client) => client.on("error", () => {}));
stack.defer(() => pool.end());
await migrateQueue(pool);
const engine = { pool, gates: "on", wake: () => {} } as const;
const none = { name: "none", checkConfig: () => undefined };
const { pipelines } = parseDocument(PIPELINE, { source: "operator", generators: new Map([[none.name, none]]) });
await applyDefinitions(engine, pipelines);
const actor: Actor = {
  id: await one("INSERT INTO actors (name) VALUES ('bench') RETURNING id"),
  name: "bench",
  role: "OWNER",
  scopes: null,
  channel: "API",
};

const runs = [];
for (const size of SIZES) {
  const { runId } = await createRun(engine, actor, { pipeline: "Large", prompt: "" });
  const stepId = await one("SELECT id FROM pipeline_run_steps WHERE pipeline_run_id = $1", [runId]);
  await pool.query(
    `INSERT INTO candidates (pipeline_run_id, pipeline_run_step_id, ordinal) SELECT $1, $2, 1000000 + i FROM generate_series(1, $3) i`,
    [runId, stepId, size],
  );
  await pool.query("VACUUM ANALYZE candidates");
  runs.push({ size, runId, filled: [] as number[], counted: [] as number[] });
}

for (let time = 0; time < TIMES; time++) {
  for (const run of runs) {
    const candidateId = await one(
      "SELECT id FROM candidates WHERE pipeline_run_id = $1 AND status = 'ACTIVE' ORDER BY id LIMIT 1",
      [run.runId],
    );
    run.filled.push(await timed(() => rejectCandidate(engine, actor, { candidateId })));
    run.counted.push(
      await timed(() =>
        pool.query(
          `SELECT p.id FROM candidates p WHERE p.pipeline_run_id = $1 AND p.status = 'ACTIVE' AND p.advancement = 'ADVANCING'
             AND (SELECT count(*) FROM candidates c WHERE c.parent_id = p.id AND c.status = 'ACTIVE') < 3
           UNION ALL
           SELECT NULL WHERE (SELECT count(*) FROM candidates WHERE pipeline_run_id = $1 AND parent_id IS NULL AND status = 'ACTIVE') < 3`,
          [run.runId],
        ),
      ),
    );
  }
}

console.log(HEADER);
for (const { size, filled, counted } of runs) {
  console.log(row(`reject and fill, ${size} candidates`, filled));
  console.log(row(`count children alone, ${size} candidates`, counted));
}
const [small, large] = runs.map(({ filled, counted }) => ({ filled: median(filled), counted: median(counted) }));
if (small && large) {
  console.log(
    `\n${SIZES[1]! / SIZES[0]!} times the candidates: × ${(large.filled / small.filled).toFixed(2)} to fill, × ${(large.counted / small.counted).toFixed(2)} to count.`,
  );
}

async function one(sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(sql, values);
  return rows[0]!.id;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

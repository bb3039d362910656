import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@sluice/db/testing";
import pg from "pg";
import type { Actor, ActorKind, Role } from "../actor.ts";
import { approveStep } from "../commands/approve-step.ts";
import { type CreateRunInput, createRun } from "../commands/create-run.ts";
import { type Queryable, queryable } from "../db/queryable.ts";
import type { GatePolicy, RunStatus, StepKind, StepStatus } from "../db/rows.ts";
import { createEngine, type Engine } from "../engine.ts";
import { changes } from "../events/changes.ts";
import type { TailEvent } from "../events/event-tail.ts";
import type { AssetStore } from "../jobs/asset-store.ts";
import type { Generator } from "../jobs/generator.ts";
import { migrateQueue } from "../jobs/queue-schema.ts";
import { startWorker, type Worker } from "../jobs/worker.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";

export interface StepSpec {
  readonly name?: string;
  readonly kind?: StepKind;
  readonly gate?: GatePolicy;
  readonly generator?: string;
  readonly config?: unknown;
  readonly maxChildren?: number;
  readonly topK?: number;
  readonly stallAfterSeconds?: number;
  readonly failureBudget?: number;
  readonly policy?: DecisionPolicy;
}

export interface RunStepRow {
  readonly id: number;
  readonly position: number;
  readonly status: StepStatus;
  readonly gate: GatePolicy;
  readonly approved: boolean;
  readonly approvedAt: Date | null;
  readonly topKCount: number;
  readonly rankingVersion: number;
  readonly round: number;
}

export interface CandidateRow {
  readonly id: number;
  readonly runStepId: number;
  readonly position: number;
  readonly parentId: number | null;
  readonly ordinal: number;
  readonly status: "ACTIVE" | "REJECTED" | "SUPERSEDED";
  readonly round: number;
  readonly advancement: "UNDECIDED" | "ADVANCING" | "NOT_ADVANCING";
  readonly elo: number;
  readonly voteCount: number;
  readonly text: string | null;
}

/** The engine on a database of its own, with what tests need to set a scene and to wait for what happens. */
export interface EngineKit extends AsyncDisposable {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly db: Queryable;
  readonly engine: Engine;
  readonly actor: Actor;
  /** A person and an owner, where nothing else is said. */
  newActor(name: string, role?: Role, kind?: ActorKind): Promise<Actor>;
  newPipeline(
    name: string,
    steps: readonly StepSpec[],
    options?: { ratingModel?: "BRADLEY_TERRY" | "ELO" },
  ): Promise<number>;
  newRun(steps: readonly StepSpec[], input?: Partial<CreateRunInput>): Promise<number>;
  /** Starts a worker with the given generators (by default one, "echo"); it ends with the kit. */
  worker(generators?: readonly Generator[], options?: WorkerOptions): Promise<Worker>;
  steps(runId: number): Promise<RunStepRow[]>;
  step(runId: number, position: number): Promise<RunStepRow>;
  candidates(runId: number, position?: number): Promise<CandidateRow[]>;
  status(runId: number): Promise<RunStatus>;
  approve(runId: number, position: number, topK?: number): ReturnType<typeof approveStep>;
  /** Sets ratings as if they had been voted, in the order of the candidates' ids. */
  rate(runId: number, position: number, elos: readonly number[]): Promise<CandidateRow[]>;
  /** Resolves once `holds`, which is tried now and after each event of the run. */
  until(runId: number, holds: () => Promise<boolean>): Promise<void>;
  untilStep(runId: number, position: number, status: StepStatus): Promise<RunStepRow>;
  untilRun(runId: number, status: RunStatus): Promise<void>;
}

interface WorkerOptions {
  readonly concurrency?: number;
  /** What goes wrong in the background of a worker fails the tests of the kit, unless it is taken here. */
  readonly onError?: (error: unknown) => void;
}

export interface EngineKitOptions {
  readonly gates?: "on" | "off";
  /** An empty one by default. It is dropped with the kit. */
  readonly database?: TestDatabase;
}

export async function engineKit(options: EngineKitOptions = {}): Promise<EngineKit> {
  const database = options.database ?? (await createTestDatabase());
  const errors: unknown[] = [];
  let ending = false;
  const pool = new pg.Pool({ connectionString: database.url, max: 20 });
  // `pool.end()` resolves before its sockets are closed, and dropping the database cuts them.
  const onConnectionError = (error: unknown): void => void (ending || errors.push(error));
  pool.on("error", onConnectionError);
  pool.on("connect", (client) => client.on("error", onConnectionError));
  await migrateQueue(pool);
  const stack = new AsyncDisposableStack();
  stack.use(database);
  stack.defer(() => {
    ending = true;
    return pool.end();
  });
  const engine = stack.use(
    createEngine({ pool, gates: options.gates ?? "on", onError: (error) => errors.push(error) }),
  );
  const db = queryable(pool);

  const newActor = async (name: string, role: Role = "OWNER", kind: ActorKind = "PERSON"): Promise<Actor> => {
    const { id } = await db.one<{ id: number }>(
      `INSERT INTO actors (name, role, kind) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET role = excluded.role RETURNING id`,
      [name, role, kind],
    );
    return { id, name, role, scopes: null, channel: "API" };
  };
  const actor = await newActor("ada");

  const steps = (runId: number): Promise<RunStepRow[]> =>
    db.many(
      `SELECT id, position, status, gate, approved, approved_at AS "approvedAt", top_k_count AS "topKCount",
              ranking_version AS "rankingVersion", round
       FROM pipeline_run_steps WHERE pipeline_run_id = $1 ORDER BY position`,
      [runId],
    );
  const step = async (runId: number, position: number): Promise<RunStepRow> => {
    const found = (await steps(runId)).find((candidate) => candidate.position === position);
    if (!found) throw new Error(`Run ${runId} has no step ${position}.`);
    return found;
  };
  const status = async (runId: number): Promise<RunStatus> =>
    (await db.one<{ status: RunStatus }>(`SELECT status FROM pipeline_runs WHERE id = $1`, [runId])).status;

  const kit: EngineKit = {
    url: database.url,
    pool,
    db,
    engine,
    actor,
    newActor,
    async newPipeline(name, specs, { ratingModel = "BRADLEY_TERRY" } = {}) {
      const { id } = await db.one<{ id: number }>(
        `INSERT INTO pipelines (name, rating_model) VALUES ($1, $2) RETURNING id`,
        [name, ratingModel],
      );
      for (const [index, spec] of specs.entries()) {
        const kind = spec.kind ?? "GENERATE";
        await db.query(
          `INSERT INTO pipeline_steps (pipeline_id, position, name, kind, generator, config, gate, max_children, top_k,
             stall_after_seconds, failure_budget, policy)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, 86400), coalesce($11, 12), $12)`,
          [
            id,
            index + 1,
            spec.name ?? `Step ${index + 1}`,
            kind,
            kind === "APPROVAL" ? null : (spec.generator ?? "echo"),
            JSON.stringify(spec.config ?? {}),
            spec.gate ?? null,
            spec.maxChildren ?? null,
            spec.topK ?? null,
            spec.stallAfterSeconds ?? null,
            spec.failureBudget ?? null,
            JSON.stringify(spec.policy ?? {}),
          ],
        );
      }
      return id;
    },
    async newRun(specs, input = {}) {
      const pipeline = input.pipeline ?? `pipeline ${randomUUID()}`;
      if (!input.pipeline) await kit.newPipeline(pipeline, specs);
      const { runId } = await createRun(engine, actor, { prompt: "a test", ...input, pipeline });
      return runId;
    },
    async worker(
      generators = [echoGenerator()],
      { concurrency = 3, onError = (error: unknown) => errors.push(error) } = {},
    ) {
      return stack.use(
        await startWorker({
          engine,
          generators,
          assets: memoryAssets(),
          concurrency,
          onError,
        }),
      );
    },
    steps,
    step,
    status,
    candidates: (runId, position) =>
      db.many(
        `SELECT c.id, c.pipeline_run_step_id AS "runStepId", rs.position, c.parent_id AS "parentId", c.ordinal, c.status,
                c.round, c.advancement, c.elo, c.vote_count AS "voteCount", c.text
         FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id
         WHERE c.pipeline_run_id = $1 AND ($2::int IS NULL OR rs.position = $2) ORDER BY rs.position, c.id`,
        [runId, position ?? null],
      ),
    approve: async (runId, position, topK) =>
      await approveStep(engine, actor, { runStepId: (await step(runId, position)).id, topK }),
    async rate(runId, position, elos) {
      const rows = await kit.candidates(runId, position);
      if (rows.length !== elos.length) throw new Error(`${rows.length} candidates, but ${elos.length} ratings.`);
      for (const [index, row] of rows.entries()) {
        await db.query(`UPDATE candidates SET elo = $2 WHERE id = $1`, [row.id, elos[index]]);
      }
      return await kit.candidates(runId, position);
    },
    async until(runId, holds) {
      const seen = changes(engine.tail, (event: TailEvent) => (event.runId === runId ? [event.seq] : []));
      try {
        await seen.ready;
        while (!(await holds())) await seen.next();
      } finally {
        await seen.return?.();
      }
    },
    async untilStep(runId, position, wanted) {
      await kit.until(runId, async () => (await step(runId, position)).status === wanted);
      return await step(runId, position);
    },
    untilRun: (runId, wanted) => kit.until(runId, async () => (await status(runId)) === wanted),
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      if (errors.length > 0) throw new AggregateError(errors, "Something failed in the background of this test.");
    },
  };
  return kit;
}

/** A generator that says what it was asked: quick, and exact about its input. */
export function echoGenerator(name = "echo"): Generator {
  return {
    name,
    media: "text",
    checkConfig: () => undefined,
    generate: async ({ parent, seed, ordinal, notes }) => ({
      assets: [],
      text: JSON.stringify({ parent: parent?.id ?? null, parentText: parent?.text ?? null, seed, ordinal, notes }),
      meta: {},
    }),
  };
}

function memoryAssets(): AssetStore {
  return {
    put: () => Promise.reject(new Error("These tests make no assets.")),
    read: () => Promise.reject(new Error("These tests make no assets.")),
    discard: () => Promise.resolve(true),
  };
}

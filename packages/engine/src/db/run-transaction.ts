import type pg from "pg";
import type { Actor } from "../actor.ts";
import { appendAudit } from "../audit/append-audit.ts";
import type { AuditRecord } from "../audit/audit-entry.ts";
import type { EngineDeps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import type { RunEventData, RunEventType } from "../events/event-types.ts";
import { type Queryable, queryable } from "./queryable.ts";
import type { RunStatus } from "./rows.ts";
import { type RunQueue, runQueue } from "./run-queue.ts";

export interface LockedRun {
  readonly id: number;
  readonly name: string;
  readonly pipelineId: number;
  readonly ratingModel: "BRADLEY_TERRY" | "ELO";
  readonly defaultTopK: number;
  /** Null where that person is not known any more. */
  readonly createdById: number | null;
  /** N of the run. */
  readonly maxChildrenPerNode: number;
  status: RunStatus;
  /** Number of the last event, those of this transaction included. */
  eventSeq: number;
}

/** A transaction that holds one run's row: nobody else writes this run until it ends. */
export interface RunTransaction extends Queryable {
  readonly run: LockedRun;
  /** Null when the system acts by itself. */
  readonly actor: Actor | null;
  /**
   * Adds an event to the run's log. Written when the transaction ends, numbered in the order of the calls.
   *
   * @param by who did it, where it is not the transaction's actor
   */
  emit<T extends RunEventType>(type: T, data: RunEventData[T], by?: Actor): void;
  /** Adds to the audit chain. Written when the transaction ends, in the order of the calls. */
  audit(record: AuditRecord): void;
}

/**
 * Runs `work` in one transaction under the row lock of a run, and writes the events it emitted.
 *
 * The lock makes decisions race-free, and because every writer takes it before it numbers its events, the order of
 * `seq` is the order of the commits. `FOR NO KEY UPDATE` leaves room for the foreign keys of other tables' inserts.
 *
 * @throws NotFoundError when there is no such run; an error that is `isBusy` when others hold the run for too long;
 *   whatever `work` throws, after a rollback.
 */
export async function withRun<T>(
  deps: EngineDeps,
  runId: number,
  actor: Actor | null,
  work: (tx: RunTransaction) => Promise<T>,
): Promise<T> {
  return await queueOf(deps.pool)(runId, () => inRunTransaction(deps, runId, actor, work));
}

const queues = new WeakMap<pg.Pool, RunQueue>();

function queueOf(pool: pg.Pool): RunQueue {
  const queue = queues.get(pool) ?? runQueue();
  queues.set(pool, queue);
  return queue;
}

async function inRunTransaction<T>(
  deps: EngineDeps,
  runId: number,
  actor: Actor | null,
  work: (tx: RunTransaction) => Promise<T>,
): Promise<T> {
  return await withTransaction(deps, async (client) => {
    const db = queryable(client);
    const run = await db.maybe<LockedRun>(
      `SELECT r.id, r.name, r.pipeline_id AS "pipelineId", r.status, r.event_seq AS "eventSeq",
              r.default_top_k AS "defaultTopK", r.max_children_per_node AS "maxChildrenPerNode",
              r.created_by_id AS "createdById", p.rating_model AS "ratingModel"
       FROM pipeline_runs r JOIN pipelines p ON p.id = r.pipeline_id
       WHERE r.id = $1 FOR NO KEY UPDATE OF r`,
      [runId],
    );
    if (!run) throw new NotFoundError("There is no such run.");
    return await inLockedRun(db, run, actor, work);
  });
}

/** The same for a run that this transaction has just inserted. */
export async function inLockedRun<T>(
  db: Queryable,
  run: LockedRun,
  actor: Actor | null,
  work: (tx: RunTransaction) => Promise<T>,
): Promise<T> {
  const events: { seq: number; type: RunEventType; actor: string | null; data: unknown }[] = [];
  const records: AuditRecord[] = [];
  const result = await work({
    ...db,
    run,
    actor,
    emit(type, data, by = actor ?? undefined) {
      run.eventSeq += 1;
      events.push({ seq: run.eventSeq, type, actor: by?.name ?? null, data });
    },
    audit: (record) => void records.push(record),
  });
  if (events.length > 0) {
    await db.query(
      `WITH numbered AS (UPDATE pipeline_runs SET event_seq = $2 WHERE id = $1)
       INSERT INTO run_events (pipeline_run_id, seq, type, actor_name, data)
       SELECT $1, e.seq, e.type, e.actor, e.data
       FROM jsonb_to_recordset($3::jsonb) AS e(seq int, type text, actor text, data jsonb)
       ORDER BY e.seq`,
      [run.id, run.eventSeq, JSON.stringify(events)],
    );
  }
  await appendAudit(db, run, records);
  return result;
}

/** One transaction; committed when `work` returns, rolled back when it throws. Wakes listeners after the commit. */
export async function withTransaction<T>(deps: EngineDeps, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await deps.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    deps.wake();
    return result;
  } catch (error) {
    // A connection that cannot roll back is not given back to the pool.
    await client.query("ROLLBACK").catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

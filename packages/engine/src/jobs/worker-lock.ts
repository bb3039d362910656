import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { WORKER_LOCK } from "./recover-jobs.ts";

/** A worker's row and its sign of life. */
export interface WorkerRegistration extends AsyncDisposable {
  readonly id: number;
}

/** Between attempts to come back. */
const RETRY_MS = 500;

/**
 * Enters a worker into the table of workers and takes the advisory lock of its id, on a connection of its own. As
 * long as that connection lives, so does the worker in everybody's eyes.
 *
 * A worker that loses its connection takes the lock again on a new one, however long the database is away. Should
 * others have taken its jobs over in between, their fence refuses its results.
 */
export async function registerWorker(
  pool: pg.Pool,
  name: string,
  onError: (error: unknown) => void,
): Promise<WorkerRegistration> {
  const ending = new AbortController();
  let holder: pg.PoolClient | undefined;
  let returning: Promise<void> | undefined;

  /** Runs `take` on a connection of its own, and keeps it for as long as it lives. */
  const hold = async <T>(take: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    let lost = false;
    client.once("error", (error) => {
      lost = true;
      onError(error);
      if (holder !== client) return;
      holder = undefined;
      client.release(error);
      returning = comeBack();
    });
    try {
      // A machine that is cut off sends no goodbye: PostgreSQL asks after 10 s, and gives up after 15 more.
      await client.query("SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3");
      // Who comes back waits for its lock as long as it takes, whatever the pool's other connections do.
      await client.query("SET lock_timeout = 0");
      const taken = await take(client);
      if (lost) throw new Error("The worker's connection was lost while it took its lock.");
      holder = client;
      return taken;
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  };
  const comeBack = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      try {
        return await hold(async (client) => {
          // The lock first: who takes the worker's jobs over holds it while they write its row.
          await client.query("SELECT pg_advisory_lock($1, $2)", [WORKER_LOCK, id]);
          await client.query("UPDATE workers SET stopped_at = NULL WHERE id = $1", [id]);
        });
      } catch (error) {
        onError(error);
        await sleep(RETRY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    }
  };

  const id = await hold(async (client) => {
    // The lock is taken before the row shows: nobody can find it without its holder.
    await client.query("BEGIN");
    const { rows } = await client.query("INSERT INTO workers (name) VALUES ($1) RETURNING id", [name]);
    const row = rows[0] as { id: number };
    await client.query("SELECT pg_advisory_lock($1, $2)", [WORKER_LOCK, row.id]);
    await client.query("COMMIT");
    return row.id;
  });
  return {
    id,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await returning;
      const client = holder;
      if (!client) return;
      holder = undefined;
      try {
        await client.query("UPDATE workers SET stopped_at = now() WHERE id = $1", [id]);
      } finally {
        // Ends the connection, and the lock with it.
        client.release(true);
      }
    },
  };
}

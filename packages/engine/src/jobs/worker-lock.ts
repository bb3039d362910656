import type pg from "pg";
import { WORKER_LOCK } from "./recover-jobs.ts";

/** A worker's row and its sign of life. */
export interface WorkerRegistration extends AsyncDisposable {
  readonly id: number;
}

/**
 * Enters a worker into the table of workers and takes the advisory lock of its id, on a connection of its own. As
 * long as that connection lives, so does the worker in everybody's eyes.
 *
 * A worker that loses its connection takes the lock again on a new one. Should others have taken its jobs over in
 * between, their fence refuses its results.
 */
export async function registerWorker(
  pool: pg.Pool,
  name: string,
  onError: (error: unknown) => void,
): Promise<WorkerRegistration> {
  let client: pg.PoolClient | undefined;
  let id: number | undefined;
  let ended = false;

  const hold = async (): Promise<number> => {
    const held = await pool.connect();
    held.on("error", (error) => {
      onError(error);
      held.release(error);
      client = undefined;
      if (!ended) setTimeout(() => void hold().catch(onError), 1_000).unref();
    });
    client = held;
    // The lock is taken before the row shows: nobody can find it without its holder.
    await held.query("BEGIN");
    const { rows } =
      id === undefined
        ? await held.query("INSERT INTO workers (name) VALUES ($1) RETURNING id", [name])
        : await held.query("UPDATE workers SET stopped_at = NULL WHERE id = $1 RETURNING id", [id]);
    const row = rows[0] as { id: number };
    await held.query("SELECT pg_advisory_lock($1, $2)", [WORKER_LOCK, row.id]);
    await held.query("COMMIT");
    return row.id;
  };

  id = await hold();
  return {
    id,
    async [Symbol.asyncDispose]() {
      ended = true;
      if (!client) return;
      await client.query("UPDATE workers SET stopped_at = now() WHERE id = $1", [id]);
      // Ends the connection, and the lock with it.
      client.release(true);
    },
  };
}

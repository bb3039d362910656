import pg from "pg";

export interface PoolOptions {
  readonly connections?: number;
  /** How long one statement may take. Without it as long as it takes, which exports and migrations need. */
  readonly statementMs?: number;
}

/**
 * Longer than a statement waits for a lock (10 s), which tells more of why. Reads of the dashboard take milliseconds; who
 * searches everything that was ever written has to be stopped at some time, since a connection is theirs meanwhile.
 */
export const API_STATEMENT_MS = 15_000;

/**
 * A pool whose connections may break without ending the process, and on which nobody waits for ever: neither for a
 * connection, nor for a lock, nor for a transaction whose owner has stopped in the middle. Each wait that is given up
 * is an error that `isBusy` or the engine's outage handling knows.
 */
export function openPool(
  url: string,
  onError: (error: unknown) => void,
  { connections = 20, statementMs }: PoolOptions = {},
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    lock_timeout: 10_000,
    // Longer than any pause of this process that is not a hang: transactions compute nothing for seconds.
    idle_in_transaction_session_timeout: 15_000,
    ...(statementMs !== undefined && { statement_timeout: statementMs }),
  });
  // `pool.end()` resolves before its sockets are closed: what a database that stops says to them is no news.
  const onConnectionError = (error: unknown): void => {
    if (!pool.ending) onError(error);
  };
  pool.on("error", onConnectionError);
  pool.on("connect", (client) => client.on("error", onConnectionError));
  return pool;
}

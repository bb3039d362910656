import pg from "pg";

/**
 * A pool whose connections may break without ending the process, and on which nobody waits for ever: neither for a
 * connection, nor for a lock, nor for a transaction whose owner has stopped in the middle. Each wait that is given up
 * is an error that `isBusy` or the engine's outage handling knows.
 */
export function openPool(url: string, onError: (error: unknown) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 20,
    connectionTimeoutMillis: 10_000,
    lock_timeout: 10_000,
    // Longer than any pause of this process that is not a hang: transactions compute nothing for seconds.
    idle_in_transaction_session_timeout: 15_000,
  });
  // `pool.end()` resolves before its sockets are closed: what a database that stops says to them is no news.
  const onConnectionError = (error: unknown): void => {
    if (!pool.ending) onError(error);
  };
  pool.on("error", onConnectionError);
  pool.on("connect", (client) => client.on("error", onConnectionError));
  return pool;
}

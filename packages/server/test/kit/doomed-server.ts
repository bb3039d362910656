import { type PostgresProxy, postgresProxy, type Statement } from "./postgres-proxy.ts";
import type { ProcessKit, ServerProcess } from "./server-process.ts";

/** Where a decision's transaction is stopped. */
export type StopPoint =
  /** Before its n-th write reaches PostgreSQL, counted from the lock on its run, which is the first, to its commit. */
  | { readonly write: number }
  /** After PostgreSQL has committed it, before its server hears so. */
  | "committed";

/** A server process that will be killed while decisions are on their way from it to PostgreSQL. */
export interface DoomedServer extends AsyncDisposable {
  readonly server: ServerProcess;
  /**
   * Sends a decision about a run and stops it at a point.
   *
   * @returns "stopped", or the decision's answer where it was through before it came to that point
   */
  stop<T>(run: number, point: StopPoint, decide: () => Promise<T>): Promise<"stopped" | T>;
  /** A stopped decision holds a lock that decisions about other runs wait for. */
  readonly keepsOthersWaiting: boolean;
  kill(): Promise<void>;
}

interface Watched {
  readonly point: StopPoint;
  readonly stopped: () => void;
  writes: number;
}

export async function doomedServer(kit: ProcessKit): Promise<DoomedServer> {
  const watched = new Map<number, Watched>();
  /** The run that a connection's transaction has locked. */
  const runs = new Map<number, number>();
  let keepsOthersWaiting = false;

  const runOf = ({ connection, sql, parameters }: Statement): number | undefined => {
    if (sql.includes(LOCKS_RUN)) runs.set(connection, Number(parameters[0]));
    return runs.get(connection);
  };
  const proxy: PostgresProxy = await postgresProxy(kit.databaseUrl, {
    judge(statement) {
      const run = runOf(statement);
      const decision = run === undefined ? undefined : watched.get(run);
      if (ENDS.has(statement.sql)) runs.delete(statement.connection);
      if (!decision) return "pass";
      if (decision.point === "committed") return statement.sql === "COMMIT" ? "mute" : "pass";
      // To be killed before a read is the same as before the write that follows it.
      if (WRITES.test(statement.sql)) decision.writes += 1;
      if (decision.writes < decision.point.write) {
        if (statement.sql.includes(SHARED_LOCK)) keepsOthersWaiting = true;
        if (statement.sql === "COMMIT") keepsOthersWaiting = false;
        return "pass";
      }
      decision.stopped();
      return "hold";
    },
    onMutedAnswer() {
      for (const { point, stopped } of watched.values()) if (point === "committed") stopped();
    },
  });
  const server = await kit.server({ databaseUrl: proxy.url });

  return {
    server,
    async stop(run, point, decide) {
      const stopped = Promise.withResolvers<"stopped">();
      watched.set(run, { point, stopped: () => stopped.resolve("stopped"), writes: 0 });
      const answer = decide();
      // Of a decision that is stopped no answer comes: its server is killed.
      answer.catch(() => {});
      return await Promise.race([stopped.promise, answer]);
    },
    get keepsOthersWaiting() {
      return keepsOthersWaiting;
    },
    async kill() {
      await server.end("SIGKILL");
    },
    async [Symbol.asyncDispose]() {
      await server.end("SIGKILL");
      await proxy[Symbol.asyncDispose]();
    },
  };
}

/** How every write of a run begins, and what the chain of audit entries takes. */
const LOCKS_RUN = "FOR NO KEY UPDATE OF r";
const SHARED_LOCK = "pg_advisory_xact_lock";
/** Functions of the queue write too. */
const WRITES = /\b(insert|update|delete|commit|graphile_worker)\b/i;
const ENDS: ReadonlySet<string> = new Set(["COMMIT", "ROLLBACK"]);

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestDatabase } from "@sluice/db/testing";
import { createEngine, type Engine, migrateQueue, type Queryable, queryable, type TailEvent } from "@sluice/engine";
import pg from "pg";
import { type People, people } from "./people.ts";
import { processEnvironment } from "./process-environment.ts";

/** A Sluice process of its own, as an operator starts it. */
export interface SluiceProcess {
  readonly pid: number;
  /** Everything it wrote, for the message of a test that fails. */
  readonly output: readonly string[];
  /** Sends a signal and waits until the process is gone; resolves with its exit code, null when a signal ended it. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null>;
}

export interface ServerProcess extends SluiceProcess {
  readonly url: string;
}

export interface ServerProcessOptions {
  readonly worker?: "embedded" | "off";
  /** Another way to the same database. */
  readonly databaseUrl?: string;
  /** Further settings. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One database and one data folder, and any number of server and worker processes on them. */
export interface ProcessKit extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly db: Queryable;
  readonly people: People;
  /** An engine within the test's process, to follow events with. */
  readonly engine: Engine;
  server(options?: ServerProcessOptions): Promise<ServerProcess>;
  worker(environment?: Readonly<Record<string, string>>): Promise<SluiceProcess>;
  /** Runs an operation on a server; fails with the whole answer when it has errors. */
  graphql<T>(server: ServerProcess, query: string, variables?: object, as?: string): Promise<T>;
  /** Resolves once `holds`, which is tried now and after each event of any run. */
  until(holds: () => Promise<boolean>): Promise<void>;
  /** Resolves with the next event of a kind that anybody causes from now on. */
  next(type: TailEvent["type"]): Promise<TailEvent>;
  /** Ends every connection of the processes, as a database that restarts does; returns how many there were. */
  cutConnections(): Promise<number>;
}

/** What PostgreSQL calls the test's own connections; those of its processes have no name. */
const TEST_CONNECTION = "test";

const source = (file: string): string => fileURLToPath(new URL(`../../src/${file}`, import.meta.url));

export async function processKit(): Promise<ProcessKit> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-process-"));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const pool = new pg.Pool({ connectionString: database.url, max: 8, application_name: TEST_CONNECTION });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  stack.defer(() => pool.end());
  await migrateQueue(pool);
  const engine = stack.use(createEngine({ pool, gates: "on", onError: () => {} }));
  // So that `next` begins when it is called, and not a look at the database later.
  const warm = engine.tail.listen(() => undefined);
  stack.defer(warm.stop);
  await warm.ready;
  const db = queryable(pool);
  const known = people(pool);

  const start = async (
    args: string[],
    environment: Record<string, string>,
    ready: RegExp,
  ): Promise<SluiceProcess & { readonly said: string }> => {
    const child = spawn(process.execPath, args, {
      env: processEnvironment({ DATABASE_URL: database.url, SLUICE_DATA_DIR: dataDir, ...environment }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const exited = once(child, "exit");
    stack.defer(async () => {
      child.kill("SIGKILL");
      await exited;
    });
    const output: string[] = [];
    const said = await lineOf(child, output, ready);
    return {
      pid: child.pid!,
      output,
      said,
      async end(signal) {
        child.kill(signal);
        const [code] = await exited;
        return code as number | null;
      },
    };
  };

  return {
    databaseUrl: database.url,
    dataDir,
    db,
    people: known,
    engine,
    async server({ worker = "off", databaseUrl = database.url, environment: more = {} } = {}) {
      const environment = { PORT: "0", SLUICE_WORKER: worker, DATABASE_URL: databaseUrl, ...more };
      const started = await start([source("main.ts")], environment, /^Sluice runs at (http:\/\/[^\s]+)/m);
      return { ...started, url: started.said };
    },
    worker: (environment = {}) => start([source("cli.ts"), "worker"], { ...environment }, /^Worker (\d+) runs\./m),
    async graphql<T>(server: ServerProcess, query: string, variables: object = {}, as = "ada") {
      const response = await fetch(`${server.url}/graphql`, {
        method: "POST",
        headers: { authorization: `Bearer ${await known.token(as)}`, "content-type": "application/json" },
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await response.json()) as { data?: T; errors?: unknown };
      if (answer.errors || !answer.data) {
        throw new Error(`${response.status} for ${query} with ${JSON.stringify(variables)}\n${JSON.stringify(answer)}`);
      }
      return answer.data;
    },
    async until(holds) {
      const seen = engine.tail.listen(() => void check());
      const held = Promise.withResolvers<void>();
      const check = async (): Promise<void> => {
        try {
          if (await holds()) held.resolve();
        } catch (error) {
          held.reject(error);
        }
      };
      try {
        await seen.ready;
        await check();
        await held.promise;
      } finally {
        seen.stop();
      }
    },
    async next(type) {
      const found = Promise.withResolvers<TailEvent>();
      const seen = engine.tail.listen((events) => {
        const event = events.find((candidate) => candidate.type === type);
        if (event) found.resolve(event);
      });
      try {
        return await found.promise;
      } finally {
        seen.stop();
      }
    },
    cutConnections: () =>
      db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> $1`,
        [TEST_CONNECTION],
      ),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The first group of what a process writes to stdout; fails with everything it wrote when it ends before. */
async function lineOf(child: ChildProcess, output: string[], ready: RegExp): Promise<string> {
  return await new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output.push(chunk.toString());
      const found = ready.exec(output.join(""));
      if (found?.[1]) resolve(found[1]);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`It ended with ${code}:\n${output.join("")}`)));
  });
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@sluice/db/testing";
import {
  applyDefinitions,
  type Generator,
  migrateQueue,
  type Queryable,
  queryable,
  seedPipelines,
  startWorker,
} from "@sluice/engine";
import { builtinGenerators, operatorKinds } from "@sluice/generators";
import { type Client, createClient } from "graphql-ws";
import pg from "pg";
import { pino } from "pino";
import WebSocket from "ws";
import { openRegistry } from "../../src/setup/open-registry.ts";
import { type Server, type ServerDeps, startServer } from "../../src/start-server.ts";
import { type People, people, type TokenOptions } from "./people.ts";

export interface ServerKitOptions {
  /** Starts a worker in this process, with the built-in generators and these. */
  readonly worker?: boolean;
  readonly generators?: readonly Generator[];
  /** An operator's file, absolute, which is loaded and followed; and what `${NAME}` in it stands for. */
  readonly pipelinesFile?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly gates?: "on" | "off";
  readonly adminToken?: string;
  readonly publicUrl?: string;
  readonly smtpUrl?: string;
  readonly webhooksPrivate?: "on" | "off";
  /** How patient notifications are. */
  readonly notifications?: ServerDeps["notifications"];
}

/** A server on a database and a port of its own, and clients that speak to it over real sockets. */
export interface ServerKit extends AsyncDisposable {
  readonly url: string;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly server: Server;
  /** Starts another server on the same database, as a second process would be; it ends with the kit. */
  another(more?: Pick<ServerKitOptions, "smtpUrl">): Promise<Server>;
  readonly db: Queryable;
  /** The lines that the server logged as errors; a test that expects none asks for it. */
  readonly logged: readonly string[];
  /** A bearer token of an actor, who is made too: an OWNER, unless told otherwise. */
  token(name?: string, options?: TokenOptions): Promise<string>;
  readonly people: People;
  /** Runs an operation over HTTP; fails with the whole answer when it has errors. */
  graphql<T = Record<string, never>>(query: string, variables?: object, options?: { as?: string }): Promise<T>;
  /** A graphql-ws client; closed with the kit. */
  socket(name?: string): Promise<Client>;
}

export async function serverKit(options: ServerKitOptions = {}): Promise<ServerKit> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-test-"));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const logged: string[] = [];
  let ending = false;
  let url = "";

  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  stack.defer(() => pool.end());
  await migrateQueue(pool);
  await seedPipelines({ pool, gates: "on", wake: () => {} });
  const db = queryable(pool);

  const builtin = stack.use(builtinGenerators({ threads: 1 }));
  const registry = await openRegistry({
    file: options.pipelinesFile,
    builtin: [...builtin.generators, ...(options.generators ?? [])],
    kinds: operatorKinds,
    origin: () => options.publicUrl ?? url,
    environment: options.environment ?? {},
  });
  await applyDefinitions({ pool, gates: "on", wake: () => {} }, registry.pipelines());
  const start = async ({ smtpUrl }: Pick<ServerKitOptions, "smtpUrl"> = options): Promise<Server> =>
    stack.use(
      await startServer({
        settings: {
          host: "127.0.0.1",
          port: 0,
          dataDir,
          adminToken: options.adminToken,
          authSecret: undefined,
          publicUrl: options.publicUrl,
          gates: options.gates ?? "on",
          graphiql: true,
          smtpUrl,
          mailFrom: smtpUrl && "Sluice <sluice@example.org>",
          webhooksPrivate: options.webhooksPrivate ?? "off",
        },
        notifications: options.notifications,
        databaseUrl: database.url,
        registry,
        log: pino({ level: "error" }, { write: (line: string) => void (ending || logged.push(line)) }),
      }),
    );
  const server = await start();
  url = server.url;
  if (options.pipelinesFile) {
    stack.use(
      registry.follow({
        apply: (pipelines) => applyDefinitions(server.engine, pipelines),
        log: pino({ level: "error" }, { write: (line: string) => void (ending || logged.push(line)) }),
      }),
    );
  }
  if (options.worker) {
    stack.use(
      await startWorker({
        engine: server.engine,
        generators: registry.generators,
        assets: server.assets,
        concurrency: 3,
        onError: (error) => void (ending || logged.push(String(error))),
      }),
    );
  }

  const known = people(pool);
  const kit: ServerKit = {
    url: server.url,
    databaseUrl: database.url,
    dataDir,
    server,
    another: start,
    db,
    logged,
    people: known,
    token: (name = "ada", options) => known.token(name, options),
    async graphql<T>(query: string, variables: object = {}, { as = "ada" } = {}) {
      const response = await fetch(`${server.url}/graphql`, {
        method: "POST",
        headers: { authorization: `Bearer ${await kit.token(as)}`, "content-type": "application/json" },
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await response.json()) as { data?: T; errors?: unknown };
      if (answer.errors || !answer.data) {
        throw new Error(
          `${response.status} for ${query}\nwith ${JSON.stringify(variables)}\n${JSON.stringify(answer, null, 2)}`,
        );
      }
      return answer.data;
    },
    async socket(name = "ada") {
      const client = createClient({
        url: `${server.url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${await kit.token(name)}` },
        retryAttempts: 0,
      });
      stack.defer(() => void client.dispose());
      return client;
    },
    async [Symbol.asyncDispose]() {
      ending = true;
      await stack[Symbol.asyncDispose]();
    },
  };
  return kit;
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate, startEmbeddedPostgres } from "@sluice/db";
import { applyDefinitions, type Generator, migrateQueue, parseDocument, startWorker } from "@sluice/engine";
import { fixedRegistry, startServer } from "@sluice/server";
import { type Client, createClient } from "graphql-ws";
import pg from "pg";
import { pino } from "pino";
import WebSocket from "ws";

export const TOKEN = "a-token-for-this-benchmark";

/** Makes nothing and takes no time. */
const instant: Generator = {
  name: "instant",
  media: "text",
  checkConfig: () => undefined,
  generate: async ({ ordinal }) => ({ assets: [], text: `candidate ${ordinal}`, meta: {} }),
};

const PIPELINES = `pipelines:
  - name: Voting
    steps:
      - { name: Step, type: generate, generator: instant, n: 20, k: 5, gate: manual }
  - name: Deciding
    steps:
      - { name: Step, type: generate, generator: instant, n: 1, k: 1, gate: manual }
`;

/** Two servers and a worker on an embedded PostgreSQL that syncs to disk, as `npm start` runs them. */
export async function setStage() {
  const stack = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => {} });
  stack.defer(() => postgres.stop());
  await migrate({ url: postgres.url, log: () => {} });
  const pool = new pg.Pool({ connectionString: postgres.url });
  // Whoever queries hears of a lost connection; nobody else has to.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  stack.defer(() => pool.end());
  await migrateQueue(pool);
  const generators = [instant];
  const { pipelines } = parseDocument(PIPELINES, {
    source: "operator",
    generators: new Map([[instant.name, instant]]),
  });
  await applyDefinitions({ pool, gates: "on", wake: () => {} }, pipelines);

  const start = async () =>
    stack.use(
      await startServer({
        settings: {
          host: "127.0.0.1",
          port: 0,
          dataDir,
          adminToken: TOKEN,
          authSecret: undefined,
          publicUrl: undefined,
          gates: "on",
          graphiql: false,
        },
        databaseUrl: postgres.url,
        registry: fixedRegistry(generators),
        log: pino({ level: "error" }),
      }),
    );
  const server = await start();
  const other = await start();
  stack.use(
    await startWorker({
      engine: server.engine,
      generators,
      assets: server.assets,
      concurrency: 4,
      onError: (error) => console.error(error),
    }),
  );
  const socket = (url: string): Client => {
    const client = createClient({
      url: `${url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${TOKEN}` },
    });
    stack.defer(() => void client.dispose());
    return client;
  };
  return { url: postgres.url, pool, server, other, socket, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

export type Stage = Awaited<ReturnType<typeof setStage>>;

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { createPrisma } from "@sluice/db";
import {
  apiPipelinesJsonSchema,
  continueLog,
  createEngine,
  type Engine,
  engineOn,
  pipelinesJsonSchema,
  queryable,
  watchAutomaticGates,
  watchStalls,
} from "@sluice/engine";
import { operatorKinds } from "@sluice/generators";
import type { Logger } from "pino";
import { folderStore } from "./assets/folder-store.ts";
import { previewMaker } from "./assets/previews.ts";
import { watchAccess } from "./auth/access-watch.ts";
import type { Auth } from "./auth/better-auth.ts";
import { createIdentity, openAuth } from "./auth/identity.ts";
import { DELIVERY_DAYS, type Settings } from "./env.ts";
import { serveWebSocket } from "./graphql/websocket.ts";
import { createGraphql } from "./graphql/yoga.ts";
import { createApp } from "./http/app.ts";
import { listen } from "./http/listen.ts";
import { createMailer } from "./notifications/mailer.ts";
import { type NotifierOptions, startNotifier } from "./notifications/notifier.ts";
import { type GuardOptions, receiverGuard } from "./notifications/receiver-guard.ts";
import { API_STATEMENT_MS, openPool } from "./open-pool.ts";
import { type Registry, setupPort } from "./setup/registry.ts";

export interface ServerDeps {
  readonly settings: Pick<
    Settings,
    "host" | "port" | "dataDir" | "adminToken" | "authSecret" | "publicUrl" | "gates" | "graphiql"
  > &
    Partial<Pick<Settings, "smtpUrl" | "mailFrom" | "webhooksPrivate" | "deliveryDays">>;
  readonly databaseUrl: string;
  /** Known to `applyPipelines`; whether this process also runs them is the worker's matter. */
  readonly registry: Registry;
  readonly log: Logger;
  /** How patient notifications are; only tests say. */
  readonly notifications?: (NotifierOptions & Pick<GuardOptions, "resolve">) | undefined;
}

export interface Server extends AsyncDisposable {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** On connections whose statements take as long as they take: not those of the API. */
  readonly engine: Engine;
  readonly auth: Auth;
  readonly assets: ReturnType<typeof folderStore>;
}

const webFolder = fileURLToPath(new URL("../../web/dist", import.meta.url));

/**
 * Serves the API and the dashboard on a migrated database.
 *
 * @throws SetupError when the port is taken or the address cannot be used
 */
export async function startServer({
  settings,
  databaseUrl,
  registry,
  log,
  notifications,
}: ServerDeps): Promise<Server> {
  const onError = (error: unknown): void => log.error({ err: error }, "something failed in the background");
  await using building = new AsyncDisposableStack();
  // For what this process does by itself, and for exports, which take as long as they take.
  const pool = openPool(databaseUrl, onError, { connections: 15 });
  building.defer(() => pool.end());
  // For whoever asks something and waits for the answer.
  const apiPool = openPool(databaseUrl, onError, { statementMs: API_STATEMENT_MS });
  building.defer(() => apiPool.end());
  const prisma = createPrisma(apiPool);
  building.defer(() => prisma.$disconnect());
  const engine = building.use(
    createEngine({ pool, gates: settings.gates, onError, onWarning: (message) => log.warn(message) }),
  );

  // Before anything that writes or follows.
  if (await continueLog(engine)) log.info("the database was restored from elsewhere: its event log goes on here");

  // Here and not in the workers: that none runs is the first thing to be alarmed about.
  building.use(watchStalls(engine, onError));
  building.use(watchAutomaticGates(engine, onError));

  const db = queryable(apiPool);
  const apiEngine = engineOn(engine, apiPool);
  const { adminToken, authSecret: secret, publicUrl } = settings;
  const { auth, turns, authenticate } = await openAuth({ db, prisma, secret, adminToken, publicUrl, log });
  const access = building.use(watchAccess(authenticate));
  const origin = (): string => publicUrl ?? url();
  const { smtpUrl, mailFrom, webhooksPrivate = "off", deliveryDays: keepDays = DELIVERY_DAYS } = settings;
  const mailer = smtpUrl && mailFrom ? building.use(createMailer({ smtpUrl, from: mailFrom })) : null;
  const allowPrivate = webhooksPrivate === "on";
  const guard = receiverGuard({ allowPrivate, resolve: notifications?.resolve });
  const sendMail = mailer?.send;
  const identity = createIdentity({ auth, turns, db, origin, onChange: access.look, sendMail, onError, log });
  const assets = folderStore(join(settings.dataDir, "assets"));
  const yoga = createGraphql({
    engine: apiEngine,
    prisma,
    catalog: registry,
    setup: setupPort(registry),
    identity,
    notifications: { receivers: guard, email: mailer !== null, privateReceivers: allowPrivate, origin },
    log,
    graphiql: settings.graphiql,
  });
  const app = createApp({
    db,
    engine: apiEngine,
    exports: engine,
    auth,
    turns,
    authenticate,
    publicUrl,
    access,
    yoga,
    assets,
    previews: previewMaker(join(settings.dataDir, "previews"), onError),
    webFolder,
    pipelinesSchema: pipelinesJsonSchema(operatorKinds),
    apiPipelinesSchema: apiPipelinesJsonSchema(),
    onError,
    checkReady: async () => void (await db.query(`SELECT 1 FROM pipeline_run_steps LIMIT 1`)),
  });

  const http = createServer(getRequestListener(app.fetch));
  function url(): string {
    const { port } = http.address() as AddressInfo;
    return `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${port}`;
  }
  building.defer(async () => {
    // Requests in flight are answered; connections that only wait are closed.
    const closed = new Promise((resolve) => http.close(resolve));
    http.closeIdleConnections();
    setTimeout(() => http.closeAllConnections(), 2_000).unref();
    await closed;
  });
  building.use(serveWebSocket(http, { yoga, authenticate, access, onError }));
  await listen(http, settings.port, settings.host);
  // Last, since what it sends says where this server is.
  const onWarning = (message: string): void => log.warn(message);
  building.use(
    await startNotifier({ engine, guard, mailer, origin, keepDays, onError, onWarning, options: notifications }),
  );

  const running = building.move();
  return {
    url: url(),
    engine,
    auth,
    assets,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

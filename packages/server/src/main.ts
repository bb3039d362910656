// `npm start`: the database, the API, the dashboard and, unless told otherwise, a worker, in one process.

import { applyDefinitions, queryable, startWorker } from "@sluice/engine";
import { builtinGenerators, operatorKinds } from "@sluice/generators";
import { anybodyKnown, issueSignInLink } from "./auth/sign-in-links.ts";
import { openDatabase, prepareDatabase, preparePipelines } from "./database.ts";
import { inheritedEnvironment, readSettings } from "./env.ts";
import { checkAddress } from "./http/listen.ts";
import { createLogger } from "./log.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { publishAddress } from "./server-address.ts";
import { openRegistry } from "./setup/open-registry.ts";
import { type Server, startServer } from "./start-server.ts";

await runUntilStopped(async (running) => {
  const settings = readSettings();
  const log = createLogger(settings.logLevel);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);

  await checkAddress(settings.port, settings.host);
  const database = running.use(await openDatabase(settings, say));
  await prepareDatabase(database.url, say);
  const builtin = running.use(builtinGenerators());
  let started: Server | undefined;
  const registry = await openRegistry({
    file: settings.pipelinesFile,
    builtin: builtin.generators,
    kinds: operatorKinds,
    origin: () => settings.publicUrl ?? started?.url ?? `http://${settings.host}:${settings.port}`,
    environment: inheritedEnvironment({}),
  });
  await preparePipelines(database.url, registry.pipelines(), say);
  const server = running.use(await startServer({ settings, databaseUrl: database.url, registry, log }));
  started = server;
  running.use(registry.follow({ apply: (pipelines) => applyDefinitions(server.engine, pipelines), log }));

  if (settings.worker === "embedded") {
    running.use(
      await startWorker({
        engine: server.engine,
        generators: registry.generators,
        assets: server.assets,
        concurrency: 4,
        onError: (error) => log.error({ err: error }, "the worker met an error"),
      }),
    );
  }

  const origin = settings.publicUrl ?? server.url;
  running.use(await publishAddress(settings.dataDir, origin));
  const db = queryable(server.engine.pool);
  if (await anybodyKnown(db)) say(`Sluice runs at ${origin}`);
  else {
    const link = await issueSignInLink({ auth: server.auth, db }, "owner");
    say(`Sluice runs at ${origin} — sign in, once, with ${origin}/sign-in?token=${link}`);
  }
});

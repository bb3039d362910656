// `npm start`: the database, the API, the dashboard and, unless told otherwise, a worker, in one process.

import {
  applyOperatorFile,
  followedFile,
  keepOperatorFile,
  type PipelineDefinition,
  queryable,
  startWorker,
} from "@sluice/engine";
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
  const file = settings.pipelinesFile === undefined ? undefined : followedFile(settings.pipelinesFile);
  await preparePipelines(database.url, { file, pipelines: registry.pipelines() }, say);
  const server = running.use(await startServer({ settings, databaseUrl: database.url, registry, log }));
  started = server;
  if (file) {
    running.use(
      keepOperatorFile(server.engine, file, {
        pipelines: () => registry.pipelines().map(({ name }) => name),
        onError: (error) => log.error({ err: error }, "the operator's file could not be kept"),
      }),
    );
  }
  const apply =
    file && ((pipelines: readonly PipelineDefinition[]) => applyOperatorFile(server.engine, file, pipelines));
  running.use(registry.follow({ apply, log }));

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

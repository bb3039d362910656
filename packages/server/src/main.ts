// `npm start`: the database, the API, the dashboard and, unless told otherwise, a worker, in one process.

import { queryable, startWorker } from "@sluice/engine";
import { builtinGenerators } from "@sluice/generators";
import { anybodyKnown, issueSignInLink } from "./auth/sign-in-links.ts";
import { openDatabase, prepareDatabase, preparePipelines } from "./database.ts";
import { readSettings } from "./env.ts";
import { checkAddress } from "./http/listen.ts";
import { createLogger } from "./log.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { publishAddress } from "./server-address.ts";
import { startServer } from "./start-server.ts";

await runUntilStopped(async (running) => {
  const settings = readSettings();
  const log = createLogger(settings.logLevel);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);

  await checkAddress(settings.port, settings.host);
  const database = running.use(await openDatabase(settings, say));
  await prepareDatabase(database.url, say);
  const builtin = running.use(builtinGenerators());
  const { generators } = builtin;
  const agents = await preparePipelines(database.url, settings, generators, say);
  const server = running.use(await startServer({ settings, databaseUrl: database.url, generators, agents, log }));

  if (settings.worker === "embedded") {
    running.use(
      await startWorker({
        engine: server.engine,
        generators,
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

// `npm run sluice -- worker`: a worker on its own, beside a server or on another machine.
import { join } from "node:path";
import { checkDatabase, runningEmbeddedPostgres, SetupError } from "@sluice/db";
import { createEngine, startWorker } from "@sluice/engine";
import { builtinGenerators, operatorKinds } from "@sluice/generators";
import { folderStore } from "./assets/folder-store.ts";
import { inheritedEnvironment, type Settings } from "./env.ts";
import { createLogger } from "./log.ts";
import { openPool } from "./open-pool.ts";
import { publishedAddress } from "./server-address.ts";
import { openRegistry } from "./setup/open-registry.ts";

/** Makes candidates until `running` is disposed of. The server migrates; a worker waits for none. */
export async function runWorker(settings: Settings, running: AsyncDisposableStack): Promise<void> {
  const url = databaseUrlOf(settings);
  await checkDatabase(url);
  const log = createLogger(settings.logLevel);
  const onError = (error: unknown): void => log.error({ err: error }, "the worker met an error");
  const pool = openPool(url, onError);
  running.defer(() => pool.end());
  const engine = running.use(createEngine({ pool, gates: settings.gates, onError }));
  const builtin = running.use(builtinGenerators());
  const origin =
    settings.publicUrl ?? (await publishedAddress(settings.dataDir)) ?? `http://${settings.host}:${settings.port}`;
  // Its pipelines are stored by the server.
  const registry = await openRegistry({
    file: settings.pipelinesFile,
    builtin: builtin.generators,
    kinds: operatorKinds,
    origin: () => origin,
    environment: inheritedEnvironment({}),
  });
  running.use(registry.follow({ log }));
  const worker = running.use(
    await startWorker({
      engine,
      generators: registry.generators,
      assets: folderStore(join(settings.dataDir, "assets")),
      concurrency: 4,
      onError,
    }),
  );
  process.stdout.write(`Worker ${worker.id} runs.\n`);
}

/** For a process beside the server: `DATABASE_URL`, or the embedded database that a running server keeps. */
export function databaseUrlOf(settings: Pick<Settings, "databaseUrl" | "dataDir">): string {
  const url = settings.databaseUrl ?? runningEmbeddedPostgres(settings.dataDir)?.url;
  if (url) return url;
  throw new SetupError(
    `No Sluice runs on ${settings.dataDir}. Start it with \`npm start\`. If it runs with settings of its own, give this command the same SLUICE_DATA_DIR, or the same DATABASE_URL.`,
  );
}

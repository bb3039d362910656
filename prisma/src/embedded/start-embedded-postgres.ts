import { randomBytes } from "node:crypto";
import { existsSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { SetupError } from "../setup-error.ts";
import { installedBinaries } from "./binaries.ts";
import { openDataFolder } from "./data-folder.ts";
import { lockHolder, lockPlace } from "./data-lock.ts";
import { diskFull } from "./disk-full.ts";
import { freePort } from "./free-port.ts";
import { initialise } from "./initialise.ts";
import { type KeptPostmaster, keepRunning } from "./keep-running.ts";
import { keepLogShort } from "./log-file.ts";
import type { RunAs } from "./os-process.ts";
import { postgresUser } from "./os-user.ts";
import { choosePlace, clusterIn, clusterOwner, reachableBinaries } from "./place.ts";
import { connection, type Durability, type Postmaster, startPostmaster, takeOver } from "./postmaster.ts";
import { type PostgresState, readState, writeState } from "./state-file.ts";

/**
 * A running embedded PostgreSQL. `url` names the database `sluice` and its superuser of the same name, with the
 * password. `place` is the folder that holds the cluster; it differs from the data folder when that one is closed to
 * PostgreSQL's user (a start says so). `pid` is the process of the moment: a server that dies is started again.
 */
export type EmbeddedPostgres = AsyncDisposable & {
  url: string;
  port: number;
  readonly pid: number;
  place: string;
  stop(): Promise<void>;
};

type Options = { dataDir: string; log: (line: string) => void; durability?: Durability };

/**
 * Starts the PostgreSQL that Sluice brings along, on 127.0.0.1 and a port that is kept from start to start; makes its
 * cluster the first time, takes over a server that a killed Sluice left behind, and starts one that dies again.
 * @throws SetupError with a sentence that says what to do
 */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  const dataDir = openDataFolder(options.dataDir);
  const held = new DisposableStack();
  try {
    held.use(lockPlace(dataDir));
    const { state, place, runAs } = await remember(dataDir);
    if (place !== dataDir) {
      // A copy of the data folder names the same place.
      held.use(lockPlace(place));
      options.log(`The database is kept in ${place}: PostgreSQL's user cannot use ${dataDir}.`);
    }
    const postmaster = await startIn(place, state, runAs, options);
    held.use(keepLogShort(logIn(place)));
    const { port } = postmaster;
    const url = `postgresql://sluice:${state.password}@127.0.0.1:${port}/sluice`;
    try {
      await createDatabase(port, state.password);
      if (url !== state.url) writeState(dataDir, { ...state, port, url });
    } catch (error) {
      await postmaster.stop();
      throw error;
    }
    let stopping: Promise<void> | undefined;
    const stop = () => {
      stopping ??= postmaster.stop().finally(() => held.dispose());
      return stopping;
    };
    return {
      url,
      port,
      get pid() {
        return postmaster.pid;
      },
      place,
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    held.dispose();
    throw diskFull(error instanceof SetupError ? "" : String(error), dataDir) ?? error;
  }
}

/**
 * The address of the embedded PostgreSQL that a running Sluice keeps for this data folder, for processes beside it (a
 * worker of its own, the command line). Undefined when none runs.
 */
export function runningEmbeddedPostgres(dataDir: string): { url: string } | undefined {
  if (!existsSync(dataDir)) return undefined;
  const folder = realpathSync(dataDir);
  const state = readState(folder);
  return state?.url && lockHolder(folder) !== undefined ? { url: state.url } : undefined;
}

const logIn = (place: string) => join(place, "postgres.log");

/** What is known of the cluster, or is decided now, the first time. */
async function remember(dataDir: string): Promise<{ state: PostgresState; place: string; runAs: RunAs }> {
  const known = readState(dataDir);
  const place = known?.elsewhere ?? dataDir;
  if (!existsSync(place)) {
    throw new SetupError(
      `The database of ${dataDir} was kept in ${place}, which is gone. Restore it, ` +
        `or delete ${join(dataDir, "postgres.json")} to begin with an empty database.`,
    );
  }
  const runAs = await postgresUser({ cluster: clusterOwner(place), folder: statSync(dataDir).uid });
  if (known) return { state: known, place, runAs };
  if (existsSync(clusterIn(dataDir))) {
    throw new SetupError(
      `${join(dataDir, "postgres.json")}, which holds the password of the cluster beside it, is missing. ` +
        `Restore it, or move ${clusterIn(dataDir)} away to begin with an empty database.`,
    );
  }
  const chosen = choosePlace(dataDir, runAs);
  const password = randomBytes(24).toString("base64url");
  const state = { password, port: 0, url: "", ...(chosen === dataDir ? {} : { elsewhere: chosen }) };
  // Before initdb runs, so that the cluster never has a password that nobody remembers.
  writeState(dataDir, state);
  return { state, place: chosen, runAs };
}

async function startIn(place: string, state: PostgresState, runAs: RunAs, options: Options): Promise<KeptPostmaster> {
  const { log, durability = "full" } = options;
  const { password } = state;
  const binaries = reachableBinaries(installedBinaries(), runAs);
  await initialise({ place, binaries, runAs, password, sync: durability === "full" });
  const deps = { cluster: clusterIn(place), binaries, runAs, password, durability, logFile: logIn(place), log };
  const kept = (first: Postmaster) =>
    keepRunning({
      first,
      start: async () => (await takeOver(deps)) ?? startPostmaster({ ...deps, port: first.port }),
      log,
    });
  const found = await takeOver(deps);
  if (found) return kept(found);
  let portsTaken = 0;
  while (portsTaken < 5) {
    const port = (portsTaken === 0 && (await freePort(state.port))) || (await freePort(0));
    if (!port) break;
    const started = await startPostmaster({ ...deps, port });
    if (started === "port taken") portsTaken++;
    else if (started === "still ending") await pause(200);
    else return kept(started);
  }
  throw new SetupError("No free TCP port on 127.0.0.1 could be had in five attempts. Try again, or set DATABASE_URL.");
}

async function createDatabase(port: number, password: string): Promise<void> {
  const client = new pg.Client({ ...connection({ port, password }), database: "postgres" });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = 'sluice'");
    if (rowCount === 0) await client.query("CREATE DATABASE sluice");
  } finally {
    await client.end();
  }
}

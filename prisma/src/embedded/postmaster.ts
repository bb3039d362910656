import { spawn } from "node:child_process";
import { closeSync, existsSync, fchownSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { SetupError } from "../setup-error.ts";
import type { Binaries } from "./binaries.ts";
import { diskFull } from "./disk-full.ts";
import { isPostmasterOf, plainEnvironment, type RunAs, run } from "./os-process.ts";

/** A running PostgreSQL server of one cluster. `ended` resolves when its process is gone, for whatever reason. */
export type Postmaster = { pid: number; port: number; ended: Promise<void>; stop(): Promise<void> };

/** "test" trades safety against power loss for speed; a crash of the process alone loses nothing either way. */
export type Durability = "full" | "test";

const settings = (durability: Durability): Record<string, string> => ({
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "128MB",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  ...(durability === "test" ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
});

/**
 * Starts the server in a session of its own: Ctrl-C in the terminal reaches Sluice, which then stops it in order.
 * "still ending": sessions of a server that was killed are still at work on the cluster; try again a little later.
 */
export async function startPostmaster(deps: {
  cluster: string;
  binaries: Binaries;
  runAs: RunAs;
  port: number;
  password: string;
  logFile: string;
  durability: Durability;
  log: (line: string) => void;
}): Promise<Postmaster | "port taken" | "still ending"> {
  const { cluster, binaries, port, logFile } = deps;
  const before = existsSync(logFile) ? statSync(logFile).size : 0;
  const output = openSync(logFile, "a", 0o600);
  if (deps.runAs) fchownSync(output, deps.runAs.uid, deps.runAs.gid);
  const options = Object.entries(settings(deps.durability)).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(binaries.postgres, ["-D", cluster, "-p", String(port), ...options], {
    ...deps.runAs,
    cwd: "/",
    env: plainEnvironment(),
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  let gone: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.on("error", (error) => (gone = error.message));
    child.on("exit", (code, signal) => {
      gone = `exit ${code ?? signal}`;
      resolve();
    });
  });
  child.unref();
  const ready = await waitUntilReady({ ...deps, isGone: () => gone !== undefined });
  if (ready !== "ready" || child.pid === undefined) {
    const said = existsSync(logFile) ? readFileSync(logFile).subarray(before).toString("utf8") : "";
    if (/Address already in use|could not bind/.test(said)) return "port taken";
    if (/shared memory block .* is still in use/.test(said)) return "still ending";
    throw startFailed(cluster, logFile, said || (gone ?? ""));
  }
  const pid = child.pid;
  return { pid, port, ended, stop: () => stopPostmaster({ pid, cluster, binaries }) };
}

/**
 * A server that outlived its Sluice (kill -9 reaches only the parent) is taken over when it is ours, answers, and
 * accepts our password; if it does not answer, it is stopped.
 */
export async function takeOver(deps: {
  cluster: string;
  binaries: Binaries;
  password: string;
  log: (line: string) => void;
}): Promise<Postmaster | undefined> {
  const { cluster, binaries, log } = deps;
  const left = leftover(cluster);
  if (!left) {
    disownPidFile(cluster);
    return undefined;
  }
  const { pid, port } = left;
  const stop = () => stopPostmaster({ pid, cluster, binaries });
  const ready = await waitUntilReady({ ...deps, port, isGone: () => !isPostmasterOf(pid, cluster) });
  if (ready === "ready") {
    log(`Took over the PostgreSQL (process ${pid}) that a former Sluice left running.`);
    return { pid, port, ended: untilGone(pid, cluster), stop };
  }
  await stop();
  disownPidFile(cluster);
  return undefined;
}

/** Nobody tells us of the end of a process that is not our child. */
function untilGone(pid: number, cluster: string): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (isPostmasterOf(pid, cluster)) return;
      clearInterval(timer);
      resolve();
    }, 1_000).unref();
  });
}

/**
 * PostgreSQL refuses to start while any process has the pid in its pid file: one that got the number later, or a dead
 * one that a container without an init never clears away. With our own pid in its place it goes on, as for every
 * parent's, and still makes the check that deleting the file would skip: whether sessions of a killed server live on.
 */
function disownPidFile(cluster: string): void {
  const pidFile = join(cluster, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  writeFileSync(pidFile, readFileSync(pidFile, "utf8").replace(/^\d+/, String(process.pid)));
}

/** The server that the cluster's pid file names, if that process is one. */
function leftover(cluster: string): { pid: number; port: number } | undefined {
  const pidFile = join(cluster, "postmaster.pid");
  if (!existsSync(pidFile)) return undefined;
  const lines = readFileSync(pidFile, "utf8").split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 1 && isPostmasterOf(pid, cluster) ? { pid, port } : undefined;
}

/** Ends a server that nobody will need again, at once. */
export async function stopLeftover(cluster: string): Promise<void> {
  const left = leftover(cluster);
  if (!left) return;
  process.kill(left.pid, "SIGQUIT");
  while (isPostmasterOf(left.pid, cluster)) await pause(10);
}

type Readiness = "ready" | "gone" | "silent";

/** Waits while the server recovers from a crash, however long that takes, and no longer than 30 s when it says nothing. */
async function waitUntilReady(deps: {
  port: number;
  password: string;
  cluster: string;
  isGone: () => boolean;
  log: (line: string) => void;
}): Promise<Readiness> {
  let silentUntil = Date.now() + 30_000;
  let tellAt = Date.now() + 5_000;
  for (;;) {
    const client = new pg.Client({ ...connection(deps), database: "postgres", connectionTimeoutMillis: 5_000 });
    client.on("error", () => {});
    try {
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
      await client.end();
      // Another cluster on this port that happens to know our password is still not ours.
      if (rows[0]?.data_directory === deps.cluster) return "ready";
    } catch (error) {
      await client.end().catch(() => {});
      const { code } = error as { code?: string };
      if (code === "57P03") silentUntil = Date.now() + 30_000;
    }
    if (deps.isGone()) return "gone";
    if (Date.now() > silentUntil) return "silent";
    if (Date.now() > tellAt) {
      deps.log("Waiting for PostgreSQL, which is recovering after it was not stopped cleanly…");
      tellAt = Date.now() + 10_000;
    }
    await pause(25);
  }
}

export const connection = (to: { port: number; password: string }) => ({
  host: "127.0.0.1",
  port: to.port,
  user: "sluice",
  password: to.password,
});

/** Fast shutdown: transactions are rolled back, everything is written, sessions end. Immediate shutdown after 30 s. */
async function stopPostmaster({ pid, cluster, binaries }: { pid: number; cluster: string; binaries: Binaries }) {
  if (process.platform === "win32") {
    await run(binaries.pgCtl, ["stop", "-D", cluster, "-m", "fast"]);
    return;
  }
  for (const [signal, seconds] of [["SIGINT", 30] as const, ["SIGQUIT", 10] as const]) {
    if (!isPostmasterOf(pid, cluster)) return;
    process.kill(pid, signal);
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      if (!isPostmasterOf(pid, cluster)) return;
      await pause(10);
    }
  }
  throw new SetupError(
    `PostgreSQL (process ${pid}) does not stop. Look at its log beside ${cluster}, then kill ${pid}.`,
  );
}

function startFailed(cluster: string, logFile: string, said: string): SetupError {
  const full = diskFull(said, cluster);
  if (full) return full;
  if (/Permission denied|has wrong ownership/i.test(said)) {
    return new SetupError(
      `PostgreSQL may not use ${cluster}: it belongs to another user. Start Sluice as the user (or root) who started it ` +
        `here first, or set SLUICE_DATA_DIR to a folder of your own.\n${lastLines(said)}`,
    );
  }
  return new SetupError(`PostgreSQL did not start on ${cluster}; its log is ${logFile}:\n${lastLines(said)}`);
}

const lastLines = (text: string) => text.trim().split("\n").slice(-6).join("\n");

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { isAlive, isPostmasterOf } from "./os-process.ts";
import { canRead } from "./os-user.ts";
import type { Durability } from "./postmaster.ts";
import { runningEmbeddedPostgres, startEmbeddedPostgres } from "./start-embedded-postgres.ts";

const isRoot = process.getuid?.() === 0;
const fixture = fileURLToPath(new URL("./fixtures/hold-cluster.ts", import.meta.url));
const nobody = { uid: 65_534, gid: 65_534 };

function temporaryFolder(mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-embedded-"));
  chmodSync(folder, mode);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Making a cluster takes most of a test's time; those that are not about it begin with a copy of this one. */
const seed = mkdtempSync(join(tmpdir(), "sluice-embedded-seed-"));

beforeAll(async () => {
  chmodSync(seed, 0o755);
  await using _postgres = await startEmbeddedPostgres({ dataDir: seed, durability: "test", log: () => {} });
});

afterAll(() => rmSync(seed, { recursive: true, force: true }));

function folderWithCluster(): string {
  const folder = temporaryFolder();
  execFileSync("cp", ["-a", `${seed}/.`, folder]);
  return folder;
}

async function start(dataDir: string, durability: Durability = "test") {
  const said: string[] = [];
  const heard = new EventEmitter();
  const log = (line: string): void => {
    said.push(line);
    heard.emit("line");
  };
  const postgres = await startEmbeddedPostgres({ dataDir, durability, log });
  onTestFinished(() => postgres.stop());
  /** Resolves once it has said so many lines of a kind. */
  const untilSaid = async (what: RegExp, times = 1): Promise<void> => {
    while (said.filter((line) => what.test(line)).length < times) await once(heard, "line");
  };
  return { ...postgres, pidNow: () => postgres.pid, said, untilSaid };
}

/** Starts a cluster in a process of its own and resolves when it is up. */
async function startElsewhere(dataDir: string, options: { durability?: string; user?: typeof nobody } = {}) {
  const child = spawn(process.execPath, [fixture, dataDir, options.durability ?? "test"], {
    ...options.user,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const first = once(createInterface(child.stdout), "line");
  const result = await Promise.race([first, once(child, "exit")]);
  if (typeof result[0] !== "string") throw new Error(`The child process ended: ${errors}`);
  const { url, pid }: { url: string; pid: number } = JSON.parse(result[0]);
  return { child, url, pid };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("embedded PostgreSQL", () => {
  it("keeps its data, its port and its password from start to start", async () => {
    const dataDir = temporaryFolder();
    const first = await start(dataDir);
    await query(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    expect(runningEmbeddedPostgres(dataDir)).toEqual({ url: first.url });
    await first.stop();
    expect(isPostmasterOf(first.pid, join(dataDir, "postgres"))).toBe(false);
    expect(runningEmbeddedPostgres(dataDir)).toBeUndefined();

    const second = await start(dataDir);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, "SELECT * FROM kept")).toEqual([{ answer: 42 }]);
  });

  it("takes another port when its own is taken, and keeps that one", async () => {
    const dataDir = folderWithCluster();
    const first = await start(dataDir);
    await first.stop();
    const squatter = createServer().listen(first.port, "127.0.0.1");
    await once(squatter, "listening");
    const second = await start(dataDir);
    squatter.close();
    expect(second.port).not.toBe(first.port);
    await second.stop();
    expect((await start(dataDir)).port).toBe(second.port);
  });

  it("goes on where it was when its folder was moved", async () => {
    const parent = temporaryFolder();
    const first = await start(join(parent, "before"));
    await first.stop();
    renameSync(join(parent, "before"), join(parent, "after"));
    expect((await start(join(parent, "after"))).url).toBe(first.url);
  });

  it("of two that start for the first time together, one goes on and the other is refused", async () => {
    const dataDir = temporaryFolder();
    const both = await Promise.allSettled([startElsewhere(dataDir), startElsewhere(dataDir)]);
    const started = both.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const refused = both.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
    expect([started.length, refused.length]).toEqual([1, 1]);
    expect(refused[0]).toContain(`already running on the data in ${dataDir} (process ${started[0]?.child.pid})`);
    await end(started[0]!.child, "SIGTERM");
    await start(dataDir);
  });

  it("refuses a second Sluice on the same data and names the first", async () => {
    const dataDir = folderWithCluster();
    const { child } = await startElsewhere(dataDir);
    await expect(start(dataDir)).rejects.toThrow(
      new RegExp(`already running .+\\(process ${child.pid}\\).+kill ${child.pid}.+SLUICE_DATA_DIR`),
    );
    await end(child, "SIGTERM");
    await start(dataDir);
  });

  it("takes over the server of a Sluice that was killed, with all that was committed", async () => {
    const dataDir = folderWithCluster();
    const { child, url, pid } = await startElsewhere(dataDir, { durability: "full" });
    await query(url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await end(child, "SIGKILL");
    expect(isAlive(pid)).toBe(true);

    const next = await start(dataDir);
    expect(next.pid).toBe(pid);
    expect(next.said).toContain(`Took over the PostgreSQL (process ${pid}) that a former Sluice left running.`);
    expect(await query(next.url, "SELECT * FROM kept")).toEqual([{ answer: 42 }]);
    await next.stop();
    expect(isPostmasterOf(pid, join(next.place, "postgres"))).toBe(false);
  });

  it("recovers when the server was killed, too", async () => {
    const dataDir = folderWithCluster();
    const { child, url, pid } = await startElsewhere(dataDir, { durability: "full" });
    await query(url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await end(child, "SIGKILL");
    process.kill(pid, "SIGKILL");
    const next = await start(dataDir);
    expect(next.pid).not.toBe(pid);
    expect(await query(next.url, "SELECT * FROM kept")).toEqual([{ answer: 42 }]);
  });

  it("is started again when it is killed, on the same port and with all that was committed", async () => {
    const dataDir = folderWithCluster();
    const postgres = await start(dataDir, "full");
    await query(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    // The second time it has not run for long: it is given a moment first.
    for (const times of [1, 2]) {
      const killed = postgres.pidNow();
      process.kill(killed, "SIGKILL");
      await postgres.untilSaid(/^PostgreSQL runs again/, times);
      expect(postgres.said).toContain(
        `PostgreSQL (process ${killed}) ended although nobody stopped it. It is started again.`,
      );
      expect(postgres.pidNow()).not.toBe(killed);
      expect(await query(postgres.url, "SELECT * FROM kept")).toEqual([{ answer: 42 }]);
    }
    await postgres.stop();
    expect(isPostmasterOf(postgres.pidNow(), join(postgres.place, "postgres"))).toBe(false);
    expect(postgres.said.filter((line) => line.startsWith("PostgreSQL runs again"))).toHaveLength(2);
  });

  it("is started again when it was taken over and is killed then", async () => {
    const dataDir = folderWithCluster();
    const { child, pid } = await startElsewhere(dataDir);
    await end(child, "SIGKILL");
    const postgres = await start(dataDir);
    expect(postgres.pid).toBe(pid);
    process.kill(pid, "SIGKILL");
    await postgres.untilSaid(/^PostgreSQL runs again/);
    expect(await query(postgres.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("is not misled by a pid file whose pid belongs to another process by now", async () => {
    const dataDir = folderWithCluster();
    await (await start(dataDir)).stop();
    const { uid, gid } = statSync(join(dataDir, "postgres"));
    // The same user's: PostgreSQL itself overlooks only the processes of others.
    const other = spawn("sleep", ["60"], isRoot ? { uid, gid } : {});
    onTestFinished(() => void other.kill());
    writeFileSync(join(dataDir, "postgres/postmaster.pid"), `${other.pid}\n${dataDir}/postgres\n0\n5432\n\n\n0 0\n`);
    const next = await start(dataDir);
    expect(next.pid).not.toBe(other.pid);
    expect(other.exitCode).toBeNull();
  });

  it("begins anew when it was killed while the cluster was made", async () => {
    const dataDir = temporaryFolder();
    const started = startElsewhere(dataDir);
    const child = new Promise<void>((resolve) => {
      const watcher = watch(dataDir, (_, name) => {
        if (!name?.startsWith("postgres.new-")) return;
        watcher.close();
        resolve();
      });
    });
    await child;
    const holder: { pid: number } = JSON.parse(readFileSync(join(dataDir, "sluice.lock"), "utf8"));
    process.kill(holder.pid, "SIGKILL");
    await expect(started).rejects.toThrow("The child process ended");
    expect(existsSync(join(dataDir, "postgres"))).toBe(false);

    const next = await start(dataDir);
    expect(await query(next.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir).filter((name) => name.startsWith("postgres.new-"))).toEqual([]);
  });

  it("never deletes or uses a folder that it did not make", async () => {
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, "postgres"));
    writeFileSync(join(dataDir, "postgres/precious"), "");
    await expect(start(dataDir)).rejects.toThrow("Restore it, or move");
    const state = { port: 1, password: "x", url: "" };
    writeFileSync(join(dataDir, "postgres.json"), JSON.stringify(state));
    await expect(start(dataDir)).rejects.toThrow("is not a PostgreSQL cluster");
    expect(existsSync(join(dataDir, "postgres/precious"))).toBe(true);
  });

  it("says what to do with a cluster of another version", async () => {
    const dataDir = folderWithCluster();
    await (await start(dataDir)).stop();
    writeFileSync(join(dataDir, "postgres/PG_VERSION"), "17\n");
    await expect(start(dataDir)).rejects.toThrow(/made by PostgreSQL 17, and this Sluice brings 18.+pg_dump/);
  });

  it("says what to do when its state is damaged, or the data folder is no folder", async () => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, "postgres.json"), "{");
    await expect(start(dataDir)).rejects.toThrow("is damaged");
    await expect(start(join(dataDir, "postgres.json"))).rejects.toThrow("SLUICE_DATA_DIR");
  });

  it.runIf(isRoot)("works as root in a folder that only root may enter", async () => {
    const dataDir = join(temporaryFolder(0o700), "data");
    const postgres = await start(dataDir);
    onTestFinished(() => rmSync(postgres.place, { recursive: true, force: true }));
    expect(postgres.place).toMatch(/^\/var\/lib\/sluice\/[0-9a-f]{12}$/);
    expect(postgres.said.join()).toContain(`The database is kept in ${postgres.place}`);
    expect(await query(postgres.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await postgres.stop();
    expect((await start(dataDir)).url).toBe(postgres.url);
  });

  it.runIf(isRoot && canRead(fixture, nobody))("works for an ordinary user, before and after root did", async () => {
    const dataDir = temporaryFolder();
    chownSync(dataDir, nobody.uid, nobody.gid);
    const asRoot = await start(dataDir);
    await asRoot.stop();
    const { child, url } = await startElsewhere(dataDir, { user: nobody });
    expect(url).toBe(asRoot.url);
    expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await end(child, "SIGTERM");
    expect((await start(dataDir)).url).toBe(url);
  });

  it.runIf(isRoot && canRead(fixture, nobody))(
    "says whose a cluster is that an ordinary user may not use",
    async () => {
      const dataDir = folderWithCluster();
      chmodSync(dataDir, 0o777);
      chownSync(join(dataDir, "postgres.json"), nobody.uid, nobody.gid);
      await expect(startElsewhere(dataDir, { user: nobody })).rejects.toThrow("belongs to another user");
    },
  );
});

import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockHolder } from "../embedded/data-lock.ts";
import { clusterIn } from "../embedded/place.ts";
import { stopLeftover } from "../embedded/postmaster.ts";
import { startEmbeddedPostgres } from "../embedded/start-embedded-postgres.ts";
import { migrate } from "../migrate.ts";
import { inDatabase, inMaintenanceDatabase } from "./in-maintenance-database.ts";

const prefix = "sluice-test-";

/** The one PostgreSQL of a test run: `url` names its migrated template database. */
export type TestCluster = AsyncDisposable & { url: string };

/**
 * Starts a cluster in a temporary folder, with its template database migrated, and throws it away in the end. With
 * TEST_DATABASE_URL (a user who may create databases) the tests run on that server instead: any PostgreSQL from 15 on.
 */
export async function startTestCluster(): Promise<TestCluster> {
  const given = process.env.TEST_DATABASE_URL;
  const cluster = await (given ? templateOn(given) : temporaryCluster());
  try {
    await migrate({ url: cluster.url, log: () => {} });
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

async function templateOn(server: string): Promise<TestCluster> {
  const name = `test_template_${randomBytes(8).toString("hex")}`;
  await inMaintenanceDatabase(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0`));
  return {
    url: inDatabase(server, name),
    async [Symbol.asyncDispose]() {
      await inMaintenanceDatabase(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

async function temporaryCluster(): Promise<TestCluster> {
  await removeLeftovers();
  const dataDir = mkdtempSync(join(tmpdir(), prefix));
  // PostgreSQL's own user has to pass through when the tests run as root.
  chmodSync(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, durability: "test", log: () => {} });
  return {
    url: postgres.url,
    async [Symbol.asyncDispose]() {
      await postgres.stop();
      for (const folder of [dataDir, postgres.place]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A run that was killed leaves a folder whose lock nobody holds any more, and perhaps its server. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const dataDir = join(tmpdir(), name);
    try {
      // Without a postgres.json it is so new that its run has no lock yet.
      if (lockHolder(dataDir) !== undefined || !existsSync(join(dataDir, "postgres.json"))) continue;
      await stopLeftover(clusterIn(dataDir));
      rmSync(dataDir, { recursive: true, force: true });
    } catch {
      // Another user's, or being cleaned up by a run beside this one: not worth failing for.
    }
  }
}

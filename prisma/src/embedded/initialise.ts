import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { SetupError } from "../setup-error.ts";
import type { Binaries } from "./binaries.ts";
import { diskFull } from "./disk-full.ts";
import { type Finished, type RunAs, run } from "./os-process.ts";
import { clusterIn } from "./place.ts";

const draftPrefix = "postgres.new-";

/**
 * Makes the cluster of a place unless it is there. initdb works in a folder with a draft name, which is renamed when it
 * is done: a folder called `postgres` is therefore always complete, and nothing by that name is ever deleted.
 */
export async function initialise(deps: {
  place: string;
  binaries: Binaries;
  runAs: RunAs;
  password: string;
  sync: boolean;
}): Promise<void> {
  const { place, binaries, runAs, password } = deps;
  const cluster = clusterIn(place);
  for (const left of readdirSync(place).filter((name) => name.startsWith(draftPrefix))) {
    rmSync(join(place, left), { recursive: true, force: true, maxRetries: 5 });
  }
  if (existsSync(cluster)) return checkVersion(cluster, binaries);

  const draft = mkdtempSync(join(place, draftPrefix));
  try {
    const passwordFile = join(draft, "password");
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    const made = join(draft, "cluster");
    mkdirSync(made, { mode: 0o700 });
    if (runAs) for (const path of [draft, passwordFile, made]) chownSync(path, runAs.uid, runAs.gid);
    const args = [
      ["--pgdata", made],
      ["--username", "sluice"],
      ["--pwfile", passwordFile],
      ["--auth", "scram-sha-256"],
      // The builtin provider sorts alike on every machine and does not depend on its C library.
      ["--encoding", "UTF8"],
      ["--locale-provider", "builtin"],
      ["--builtin-locale", "C.UTF-8"],
      ["--no-locale", "--no-instructions"],
      deps.sync ? [] : ["--no-sync"],
    ].flat();
    const finished = await run(binaries.initdb, args, runAs);
    if (finished.code !== 0) throw initdbFailed(place, finished);
    renameSync(made, cluster);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function checkVersion(cluster: string, binaries: Binaries): void {
  try {
    accessSync(cluster, constants.R_OK | constants.X_OK);
  } catch {
    throw new SetupError(
      `The cluster in ${cluster} belongs to another user. Start Sluice as that user or as root, as it was started here ` +
        "before, or set SLUICE_DATA_DIR to a folder of your own.",
    );
  }
  const file = join(cluster, "PG_VERSION");
  if (!existsSync(file)) {
    throw new SetupError(
      `${cluster} is not a PostgreSQL cluster, and Sluice deletes nothing it did not make. ` +
        "Move that folder away, or set SLUICE_DATA_DIR to another one.",
    );
  }
  const has = readFileSync(file, "utf8").trim();
  const needs = binaries.version.split(".")[0];
  if (has === needs) return;
  throw new SetupError(
    `The cluster in ${cluster} was made by PostgreSQL ${has}, and this Sluice brings ${needs}. Start the former Sluice, ` +
      "export with pg_dump, and import into a new SLUICE_DATA_DIR; or go back to the former version of Sluice.",
  );
}

function initdbFailed(place: string, { code, output, failure }: Finished): SetupError {
  const full = diskFull(output + failure?.message, place);
  if (full) return full;
  if (failure?.code === "ENOENT" || /error while loading shared libraries|not found/i.test(output)) {
    return new SetupError(
      "The embedded PostgreSQL cannot run on this system: it is built for glibc, which Alpine and other musl systems lack. " +
        `Set DATABASE_URL to a PostgreSQL 15 or newer. (${failure?.message ?? output.trim()})`,
    );
  }
  const said = failure?.message ?? output.trim().split("\n").slice(-5).join("\n");
  return new SetupError(`initdb could not make the database in ${place} (exit ${code}):\n${said}`);
}

import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { SetupError } from "../setup-error.ts";
import { type Binaries, binariesAt } from "./binaries.ts";
import type { RunAs } from "./os-process.ts";
import { canEnter, canRead } from "./os-user.ts";

/** Where things go that PostgreSQL's own user must reach when Sluice's folder is closed to it. */
const sharedRoot = "/var/lib/sluice";

/** The cluster's folder, below the place it lives in. */
export const clusterIn = (place: string): string => join(place, "postgres");

/** The owner of a finished cluster; undefined when there is none yet. */
export function clusterOwner(place: string): number | undefined {
  const version = join(clusterIn(place), "PG_VERSION");
  return existsSync(version) ? statSync(version).uid : undefined;
}

/** Picks the place for a new cluster: the data folder when `user` can reach and own it, else one under /var/lib/sluice. */
export function choosePlace(dataDir: string, user: RunAs): string {
  if (!user || (canEnter(dataDir, user) && takesOwners(dataDir, user))) return dataDir;
  const place = join(sharedRoot, randomBytes(6).toString("hex"));
  makeShared(place);
  return place;
}

/** Network and desktop-container mounts often refuse chown, and PostgreSQL insists on owning its cluster. */
function takesOwners(dataDir: string, user: { uid: number; gid: number }): boolean {
  const probe = join(dataDir, `.owner-${process.pid}`);
  try {
    mkdirSync(probe);
    chownSync(probe, user.uid, user.gid);
    return statSync(probe).uid === user.uid;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

/** Gives binaries that `user` can run: the installed ones, or a copy made once per version where he cannot reach them. */
export function reachableBinaries(installed: Binaries, user: RunAs): Binaries {
  const samples = [installed.postgres, join(installed.root, "lib"), join(installed.root, "share")];
  if (samples.every((path) => canRead(path, user))) return installed;
  const root = join(sharedRoot, `postgresql-${installed.version}`);
  if (!existsSync(root)) {
    makeShared(sharedRoot);
    const draft = `${root}.new-${process.pid}`;
    cpSync(installed.root, draft, { recursive: true, verbatimSymlinks: true });
    chmodSync(draft, 0o755);
    try {
      // The rename is what says "complete": a copy that was interrupted keeps its draft name and is never used.
      renameSync(draft, root);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(root)) throw error;
    }
  }
  return binariesAt(root, installed.version);
}

function makeShared(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    chmodSync(dirname(path), 0o755);
    chmodSync(path, 0o755);
  } catch (error) {
    throw new SetupError(
      `PostgreSQL's user cannot reach this folder, and ${path} cannot be made (${(error as Error).message}). ` +
        "Move Sluice to a folder that other users may enter, start it as an ordinary user, or set DATABASE_URL.",
    );
  }
}

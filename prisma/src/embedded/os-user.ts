import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { SetupError } from "../setup-error.ts";
import { type RunAs, run } from "./os-process.ts";

/**
 * PostgreSQL refuses to run as root, and initdb refuses a uid that has no name in the user database (both seen). So
 * root runs it as whoever owns the cluster already, else as the owner of the data folder, else as `postgres`, which is
 * made when the machine has none.
 */
export async function postgresUser(owners: { cluster: number | undefined; folder: number }): Promise<RunAs> {
  if (process.getuid?.() !== 0) return undefined;
  const { cluster, folder } = owners;
  const known = users();
  const byId = (uid: number) => known.find((entry) => entry.uid === uid && uid !== 0);
  if (cluster && !byId(cluster)) {
    throw new SetupError(
      `The cluster belongs to user number ${cluster}, whom this machine does not know. ` +
        "Make that user, or give the cluster's folder to one it knows (chown -R postgres).",
    );
  }
  const found = (cluster && byId(cluster)) || byId(folder) || known.find((entry) => entry.name === "postgres");
  if (found) return { uid: found.uid, gid: found.gid };
  for (const [command, ...args] of waysToAddUser) {
    const made = await run(command, args);
    if (made.code === 0) break;
  }
  const made = users().find((entry) => entry.name === "postgres");
  if (made) return { uid: made.uid, gid: made.gid };
  throw new SetupError(
    "PostgreSQL does not run as root, and a user for it could not be made. Add a user named postgres, " +
      "start Sluice as an ordinary user, or set DATABASE_URL to a PostgreSQL that runs elsewhere.",
  );
}

/** Debian and Red Hat have useradd; Alpine and busybox have an adduser with options of its own. */
const waysToAddUser: [string, ...string[]][] = [
  ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"],
  ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", "postgres"],
];

type Entry = { name: string; uid: number; gid: number };

function users(): Entry[] {
  if (!existsSync("/etc/passwd")) return [];
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/**
 * Whether `user` may read `path` and enter every folder above it, judged by owner, group and mode. A folder such as
 * /root (0700) somewhere above is what makes this false. Access control lists are not looked at.
 */
export function canRead(path: string, user: RunAs): boolean {
  return (
    !user || (existsSync(path) && allows(realpathSync(path), user, 0o4) && canEnter(dirname(realpathSync(path)), user))
  );
}

/** Whether `user` may enter `folder` and every folder above it. */
export function canEnter(folder: string, user: RunAs): boolean {
  if (!user) return true;
  for (let current = realpathSync(folder); ; current = dirname(current)) {
    if (!allows(current, user, 0o1)) return false;
    if (current === dirname(current)) return true;
  }
}

function allows(path: string, user: { uid: number; gid: number }, bit: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & bit) === bit;
}

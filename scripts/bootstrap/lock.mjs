import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { root } from "./paths.mjs";

/** The lock of this folder. It is not below node_modules, which an installation may remove and make anew. */
export const bootstrapLock = join(root, ".bootstrap.lock");

/** Lets one process at a time do `work`; the others wait. A lock whose holder has died is taken over. */
export async function withLock(path, work) {
  const draft = `${path}.${process.pid}`;
  let told = false;
  writeFileSync(draft, `${process.pid} ${startOf(process.pid)}`);
  try {
    while (!tryLink(draft, path)) {
      const holder = readHolder(path);
      if (holder === undefined || !isHeldBy(holder)) {
        setAside(path);
        continue;
      }
      if (!told) console.error(`• Process ${holder.split(" ")[0]} is preparing this folder; waiting for it…`);
      told = true;
      await pause(250);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** A link appears whole or fails because there is one: two processes never both succeed. */
function tryLink(draft, path) {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Pids are given out again, so the process must also have begun when the lock says. */
function isHeldBy(holder) {
  const [pid, start] = holder.split(" ");
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  return startOf(Number(pid)) === start;
}

function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie is dead; it only waits for its parent to notice.
    return fields[0] === "Z" ? "dead" : fields[19];
  } catch {
    return "unknown";
  }
}

/** Moves a dead holder's lock away, and puts it back if somebody alive took it in between. */
function setAside(path) {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const holder = readHolder(aside);
  if (holder !== undefined && isHeldBy(holder)) {
    try {
      linkSync(aside, path);
    } catch {
      // Taken by a third one meanwhile, whom the next look finds.
    }
  }
  rmSync(aside, { force: true });
}

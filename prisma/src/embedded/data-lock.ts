import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "../setup-error.ts";
import { processStart } from "./os-process.ts";

type Holder = { pid: number; start: string };

/** Who holds the lock of a place now; undefined when nobody does or its holder has died. */
export function lockHolder(place: string): number | undefined {
  const holder = read(lockFile(place));
  return holder && processStart(holder.pid) === holder.start ? holder.pid : undefined;
}

/**
 * One Sluice per cluster. The lock is a file that names its holder by pid and start time, so that it means nothing any
 * more once that process is gone, however it went, even when its pid has been given to another process.
 * @throws SetupError that names the holder
 */
export function lockPlace(place: string): Disposable {
  const path = lockFile(place);
  const mine: Holder = { pid: process.pid, start: processStart(process.pid) ?? "" };
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    // A link appears with its content or not at all, and fails when there is one: no reader sees half a lock.
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(draft, path);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt === 5) throw error;
      }
      const pid = lockHolder(place);
      if (pid !== undefined) throw new SetupError(alreadyRunning(place, pid));
      setStaleAside(path);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    [Symbol.dispose]() {
      if (read(path)?.pid === mine.pid) rmSync(path, { force: true });
    },
  };
}

const lockFile = (place: string) => join(place, "sluice.lock");

function alreadyRunning(place: string, pid: number): string {
  const self = pid === process.pid ? "this process itself" : `process ${pid}`;
  return (
    `Sluice is already running on the data in ${place} (${self}). ` +
    `Use that one, stop it (kill ${pid}), or set SLUICE_DATA_DIR to another folder.`
  );
}

/** Moves a dead holder's lock away; if somebody took the lock since it was read, that one is put back. */
function setStaleAside(path: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const holder = read(aside);
  if (holder && processStart(holder.pid) === holder.start) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one has it by now; the next attempt says so.
    }
  }
  rmSync(aside, { force: true });
}

function read(path: string): Holder | undefined {
  try {
    const holder: Holder = JSON.parse(readFileSync(path, "utf8"));
    return typeof holder.pid === "number" && typeof holder.start === "string" ? holder : undefined;
  } catch {
    return undefined;
  }
}

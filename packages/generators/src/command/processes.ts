import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** In the environment of a job's program, and so of all that it starts: by it, what got away is found. */
export const JOB_MARK = "SLUICE_JOB_TOKEN";

/** Signals a process group; that it is gone already, or belongs to another user by now, is no failure. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  signalProcess(-group, signal);
}

function signalProcess(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/** A killed process is gone once the system gets to it, which on a busy machine takes a while. */
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 20;

/**
 * Kills every process that a job's program has left, those too that have left its group, and waits until they are gone
 * (5 s at most: one that hangs in the system cannot be ended). They are known by their environment, never by a number
 * that another process may have by now. On systems without /proc only the group is ended.
 */
export async function killMarked(token: string): Promise<void> {
  const mark = `${JOB_MARK}=${token}`;
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(LOOK_AGAIN_MS)) {
    // Whoever forks while it is looked for is found the next time.
    const found = await markedProcesses(mark);
    if (found.length === 0) return;
    for (const id of found) signalProcess(id, "SIGKILL");
  }
}

async function markedProcesses(mark: string): Promise<number[]> {
  const names = await readdir("/proc").catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map(async (name) => {
        // Those of others cannot be read, and are none of ours.
        const environment = await readFile(`/proc/${name}/environ`, "latin1").catch(() => "");
        return environment.split("\0").includes(mark) ? [Number(name)] : [];
      }),
  );
  return found.flat();
}

/** What a process is known by, so that another one with its number is not taken for it; null once it is gone. */
export async function processIdentity(id: number): Promise<string | null> {
  const stat = await readFile(`/proc/${id}/stat`, "latin1").catch(() => undefined);
  // The name in parentheses may hold anything; the 20th field behind it is when the process began.
  if (stat !== undefined) return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  try {
    process.kill(id, 0);
    return "";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "" : null;
  }
}

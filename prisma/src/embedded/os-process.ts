import { execFileSync, spawn } from "node:child_process";
import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import { basename } from "node:path";

/** The user that a child process runs as; absent means ours. */
export type RunAs = { uid: number; gid: number } | undefined;

/** How a finished command ended. `code` is null when a signal ended it, and `failure` is set when it never began. */
export type Finished = { code: number | null; output: string; failure?: NodeJS.ErrnoException };

/** PostgreSQL's programs read PG* variables and locales from the environment; only these are handed on. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TMPDIR, TEMP } = process.env;
  const kept = { PATH, SystemRoot, TMPDIR, TEMP };
  const set = Object.entries(kept).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(set), LC_ALL: "C" };
}

/** Runs a short command to its end and collects what it printed. Never rejects. */
export function run(command: string, args: string[], runAs?: RunAs): Promise<Finished> {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      ...runAs,
      cwd: "/",
      env: plainEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", (failure) => resolve({ code: null, output, failure }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * When a process began, as text that is only good for comparing: a pid alone may by now belong to another process.
 * Undefined when there is no such process.
 */
export function processStart(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      // The name (field 2) may contain spaces and brackets, so fields are counted after its last bracket.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const [state, start] = [fields[0], fields[19]];
      // Dead, and only waiting for its parent to notice; in a container without an init, for ever.
      if (state === "Z" || state === "X") return undefined;
      return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${start}`;
    } catch {
      return undefined;
    }
  }
  if (!isAlive(pid)) return undefined;
  if (process.platform === "win32") return "alive";
  try {
    const start = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env: { LC_ALL: "C" } });
    return start.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether `pid` is a postmaster that serves the cluster in `directory`: PostgreSQL's working directory is its cluster. */
export function isPostmasterOf(pid: number, directory: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === "linux") {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EACCES") return false;
      // Another user's process hides its folder; its name is still told.
      try {
        return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "postgres";
      } catch {
        return false;
      }
    }
  }
  if (process.platform === "win32") return true;
  try {
    const name = execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" });
    return basename(name.trim()) === "postgres";
  } catch {
    return false;
  }
}

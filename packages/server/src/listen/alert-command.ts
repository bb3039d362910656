import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { inheritedEnvironment } from "../env.ts";
import { type AlertLine, alertVariables } from "./alert-line.ts";

const ATTEMPTS = 3;
/** A command that hangs would keep every later alert from being told. */
const LIMIT_MS = 10 * 60_000;
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 5_000;

export interface AlertCommandOptions {
  readonly command: string;
  readonly onNote: (note: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs the operator's command for an alert, by the shell: the line on its standard input and in SLUICE_ALERT_…
 * variables. One that fails is tried three times, then given up with a note, so that the alerts behind it are told.
 *
 * @returns false when it was stopped before it was done
 */
export async function runAlertCommand(line: AlertLine, options: AlertCommandOptions): Promise<boolean> {
  const { onNote, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) return false;
    const failure = await runOnce(line, options);
    if (failure === null) return true;
    if (signal.aborted) return false;
    const about = `the ${line.change ?? "open"} alert of run #${line.run}`;
    if (attempt === ATTEMPTS) {
      onNote(`The command failed ${ATTEMPTS} times for ${about} and is given up: it ${failure}.`);
      return true;
    }
    onNote(`The command failed for ${about}: it ${failure}. Trying again.`);
    await sleep(1_000 * attempt, undefined, { signal }).catch(() => undefined);
  }
}

/** @returns null when it exited with 0, else what it did */
async function runOnce(line: AlertLine, { command, signal }: AlertCommandOptions): Promise<string | null> {
  const child = spawn(command, {
    shell: true,
    // A group of its own: what the command started is ended with it.
    detached: true,
    stdio: ["pipe", "inherit", "inherit"],
    env: inheritedEnvironment(alertVariables(line)),
  });
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  // A command that does not read its input closes it, which is its right.
  child.stdin.on("error", () => {});
  child.stdin.end(`${JSON.stringify(line)}\n`);

  const end = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It is gone already.
    }
  };
  let forced: NodeJS.Timeout | undefined;
  const stop = (): void => {
    end("SIGTERM");
    forced = setTimeout(() => end("SIGKILL"), GRACE_MS);
  };
  let tooLong = false;
  const limit = setTimeout(() => {
    tooLong = true;
    stop();
  }, LIMIT_MS);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const [code, killedBy] = await ended;
    if (tooLong) return `took longer than ${LIMIT_MS / 60_000} minutes`;
    if (killedBy) return `was ended by ${killedBy}`;
    return code === 0 ? null : `exited with ${code}`;
  } catch (error) {
    return `could not be started: ${(error as Error).message}`;
  } finally {
    clearTimeout(limit);
    clearTimeout(forced);
    signal.removeEventListener("abort", stop);
    if (signal.aborted) end("SIGKILL");
  }
}

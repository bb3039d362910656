import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { signalGroup } from "./processes.ts";

export interface ProgramOptions {
  readonly command: readonly string[];
  readonly folder: string;
  readonly env: { readonly [name: string]: string };
  readonly input: string;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal: AbortSignal;
  readonly onOutput: (bytes: Uint8Array) => void;
  readonly onTold: (bytes: Uint8Array) => void;
  /** Between the request to end and the end; 2 s where it is left out. */
  readonly graceMs?: number;
}

/** How a program ended. */
export type ProgramEnd =
  | { readonly how: "exited"; readonly code: number; readonly output: Uint8Array }
  | { readonly how: "signalled"; readonly signal: NodeJS.Signals }
  | { readonly how: "timeout" | "too much output" | "stopped" }
  | { readonly how: "not started"; readonly error: NodeJS.ErrnoException };

/**
 * Runs a program in a process group of its own, and resolves when it has ended. Whatever ends it (the time, the amount,
 * the signal), all of its group goes with it: first asked (SIGTERM), then killed.
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramEnd> {
  const { signal, graceMs = 2_000 } = options;
  if (signal.aborted) return { how: "stopped" };
  const child = start(options);
  if ("error" in child) return { how: "not started", error: child.error };
  const exited = new Promise<ProgramEnd>((resolve) => {
    // Of a signal that did not reach it there are more.
    child.on(
      "error",
      (error: NodeJS.ErrnoException) => child.pid === undefined && resolve({ how: "not started", error }),
    );
    child.once("exit", (code, by) =>
      resolve(code === null ? { how: "signalled", signal: by! } : { how: "exited", code, output: new Uint8Array() }),
    );
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  let ended: ProgramEnd | undefined;
  let kill: NodeJS.Timeout | undefined;
  const end = (how: "timeout" | "too much output" | "stopped"): void => {
    if (ended || child.pid === undefined) return;
    ended = { how };
    signalGroup(child.pid, "SIGTERM");
    const group = child.pid;
    kill = setTimeout(() => signalGroup(group, "SIGKILL"), graceMs);
  };
  const timer = setTimeout(() => end("timeout"), options.timeoutMs);
  const onAbort = (): void => end("stopped");
  signal.addEventListener("abort", onAbort);

  child.stdout.on("data", (chunk: Buffer) => {
    if (ended) return;
    bytes += chunk.byteLength;
    if (bytes > options.maxOutputBytes) return end("too much output");
    chunks.push(chunk);
    options.onOutput(chunk);
  });
  child.stderr.on("data", options.onTold);
  // A program that does not read its input closes it early.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input);
  try {
    const closed = once(child, "close").catch(() => undefined);
    const how = await exited;
    if (how.how === "not started") return how;
    // What it started and left behind may hold its output open for ever.
    if (child.pid !== undefined) signalGroup(child.pid, ended ? "SIGKILL" : "SIGTERM");
    await Promise.race([closed, outputLeftOpen(graceMs)]);
    if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
    if (ended) return ended;
    return how.how === "exited" ? { ...how, output: Buffer.concat(chunks) } : how;
  } finally {
    clearTimeout(timer);
    clearTimeout(kill);
    signal.removeEventListener("abort", onAbort);
    child.stdout.destroy();
    child.stderr.destroy();
    child.stdin.destroy();
  }
}

function start({
  command,
  folder,
  env,
}: ProgramOptions): ChildProcessWithoutNullStreams | { readonly error: NodeJS.ErrnoException } {
  const [program = "", ...rest] = command;
  try {
    // Its group's number is its own; `timeout` of spawn would end the program alone, and not what it has started.
    return spawn(program, rest, { cwd: folder, env: { ...env }, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    // What is wrong with an argument is thrown; what is wrong with the program is an event.
    return { error: error as NodeJS.ErrnoException };
  }
}

function outputLeftOpen(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

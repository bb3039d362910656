import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { processEnvironment } from "./process-environment.ts";
import type { ProcessKit } from "./server-process.ts";

/** A line that `sluice listen --alerts` printed. */
export interface Line {
  readonly cursor: string;
  readonly change: string;
  readonly id: string;
  readonly kind: string;
  readonly message: string;
  readonly run: number;
  readonly step: number;
  readonly url: string;
  readonly raisedAt: string;
}

/** `sluice listen --alerts` as a process of its own. */
export interface Listener extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The next line of its output; fails with what it complained of when there is none any more. */
  line(): Promise<string>;
  next(): Promise<Line>;
  /** Resolves once it has written something like this to stderr. */
  complains(of: RegExp): Promise<string>;
  /** Its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  end(signal: "SIGKILL" | "SIGTERM" | "SIGINT"): Promise<number | null>;
}

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

export function startListener(
  kit: ProcessKit,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Listener {
  const child = spawn(process.execPath, [CLI, "listen", ...args], {
    env: processEnvironment({ SLUICE_DATA_DIR: kit.dataDir, ...environment }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaints = "";
  let hear = (): void => {};
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
    hear();
  });
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`It printed no more lines. ${complaints}`);
    return value;
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return await exited;
  };
  return {
    child,
    line,
    next: async () => JSON.parse(await line()) as Line,
    async complains(of) {
      while (!of.test(complaints)) {
        await Promise.race([new Promise<void>((resolve) => (hear = resolve)), exited]);
        if (child.exitCode !== null && !of.test(complaints)) throw new Error(`It did not say so: ${complaints}`);
      }
      return complaints;
    },
    exited,
    end,
    [Symbol.asyncDispose]: async () => void (await end("SIGKILL")),
  };
}

import { SetupError } from "@sluice/db";

/** Longer than the database needs to close after much work. */
const STOP_MS = 30_000;

/**
 * Runs a process that serves until Ctrl-C or SIGTERM, then stops what it started, last first.
 * What a person can mend is said in a sentence, without a stack.
 */
export async function runUntilStopped(start: (running: AsyncDisposableStack) => Promise<void>): Promise<void> {
  const running = new AsyncDisposableStack();
  // After a hang-up nobody reads what we say; that is no reason to stop half-way.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const asked = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => asked.resolve());
  try {
    await start(running);
    // Node would end when nothing is left to do; serving never is.
    await asked.promise;
    process.stdout.write("Stopping …\n");
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${error instanceof SetupError ? error.message : describe(error)}\n`);
  }
  // Whatever hangs, a process that was told to stop stops.
  setTimeout(() => {
    process.stderr.write("Something did not stop in time and was cut off.\n");
    process.exit(1);
  }, STOP_MS).unref();
  try {
    await running.disposeAsync();
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${describe(error)}\n`);
  }
  process.exit();
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

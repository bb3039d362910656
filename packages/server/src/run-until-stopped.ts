import { SetupError } from "@sluice/db";

/**
 * Runs a process that serves until Ctrl-C or SIGTERM, then stops what it started, last first. A second signal does
 * not wait. What a person can mend is said in a sentence, without a stack.
 */
export async function runUntilStopped(start: (running: AsyncDisposableStack) => Promise<void>): Promise<void> {
  const running = new AsyncDisposableStack();
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

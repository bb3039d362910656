// `npm run sluice -- <command>`: what an operator does beside the running server. Each loads only what it needs: one that
// listens for weeks should not hold the generators in memory, and one that answers a question should not be waited for.
const [command, ...args] = process.argv.slice(2);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  await run();
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`${await wordsFor(error)}\n`);
}

async function run(): Promise<void> {
  const isAskedHow = args.some((arg) => arg === "--help" || arg === "-h");
  if (command === "listen" && !isAskedHow) {
    const { listenCommand } = await import("./listen/listen-command.ts");
    return await listenCommand(args);
  }
  if (command === "verify-audit" && !isAskedHow) {
    const { verifyAuditCommand } = await import("./export/verify-audit-command.ts");
    const { readSettings } = await import("./env.ts");
    return say(await verifyAuditCommand(args, readSettings()));
  }
  if (command === "pipelines" && !isAskedHow) {
    // Whoever reads only the beginning has read enough.
    process.stdout.on("error", () => {});
    const { pipelinesCommand } = await import("./setup/pipelines-command.ts");
    const { operatorKinds } = await import("@sluice/generators");
    const { inheritedEnvironment } = await import("./env.ts");
    const { text, ok } = await pipelinesCommand(args, { kinds: operatorKinds, environment: inheritedEnvironment({}) });
    if (!ok) process.exitCode = 1;
    return say(text);
  }
  const { operatorCommand } = await import("./operator-command.ts");
  await operatorCommand(say);
}

/** The sentence of an error that is made for people; of another, everything that helps to find it. */
async function wordsFor(error: unknown): Promise<string> {
  const [{ SetupError }, { DomainError }] = await Promise.all([import("@sluice/db"), import("@sluice/engine")]);
  if (error instanceof SetupError || error instanceof DomainError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

import { bootstrapLock, withLock } from "./lock.mjs";
import { BootstrapError } from "./run.mjs";
import { doStep, isDone } from "./stamp.mjs";
import { steps } from "./steps.mjs";

/**
 * Does what is not done yet of the steps named, or of all: installing, generating, building. Takes some milliseconds
 * when everything is.
 */
export async function prepare(names = steps.map(({ name }) => name)) {
  checkNode();
  const wanted = steps.filter(({ name }) => names.includes(name));
  if (wanted.every(isDone)) return;
  await withLock(bootstrapLock, async () => {
    for (const step of wanted) if (!isDone(step)) await doStep(step);
  });
}

/** Runs a script's body; what a person can act on is printed as it is, without a stack trace. */
export async function runScript(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    console.error(error instanceof BootstrapError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20)
    throw new BootstrapError(`This is Node ${process.versions.node}; Sluice needs Node 20 or newer to start.`);
}

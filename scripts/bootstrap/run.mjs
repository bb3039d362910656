import { spawn } from "node:child_process";
import { constants } from "node:os";
import { childEnvironment, packageManager, root } from "./paths.mjs";

/** What stopped the bootstrap, as text for a person; shown without a stack trace. */
export class BootstrapError extends Error {}

/**
 * Runs one command of the bootstrap to its end. Its output is kept back and shown only if it fails; a sign of life is
 * printed every 15 s.
 */
export async function runQuietly(title, command, args, { cwd = root, env = {}, hint = "" } = {}) {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  console.error(`• ${title}…`);
  const alive = setInterval(() => console.error(`  still busy after ${seconds()} s`), 15_000);
  let output = "";
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: childEnvironment(env), stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => {
      output += error.message;
      resolve(127);
    });
    child.on("close", (exit, signal) => resolve(exit ?? signal));
  });
  clearInterval(alive);
  if (code !== 0)
    throw new BootstrapError(`${title} failed (${code}):\n\n${output.trim()}\n\n${remedy(output) ?? hint}`.trimEnd());
}

/** The causes that a person can remove, by what npm and pnpm print about them. */
function remedy(output) {
  if (/ENOSPC|No space left on device/i.test(output)) {
    return "The disk is full. Make room (a full installation takes about 1.5 GB) and start again.";
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|META_FETCH_FAIL/.test(output)) {
    return "The package registry cannot be reached. Check the network, or the registry and proxy in your .npmrc.";
  }
  if (/ERR_PNPM_OUTDATED_LOCKFILE/.test(output)) {
    return `pnpm-lock.yaml does not match the package.json files. Run: npx ${packageManager} install, and commit the result.`;
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return "A file may not be written. Give this folder to the user who starts Sluice (chown -R), or delete node_modules.";
  }
  return undefined;
}

/** Runs a command with our terminal and resolves to its exit code; a signal counts as 128 and its number, as in a shell. */
export async function runVisibly(command, args, { cwd = root, env = {} } = {}) {
  const child = spawn(command, args, { cwd, env: childEnvironment(env), stdio: "inherit" });
  // Ctrl-C reaches the child by itself, as it shares our terminal; we wait for it to come to an end in order.
  const wait = () => {};
  const pass = () => child.kill("SIGTERM");
  process.on("SIGINT", wait).on("SIGTERM", pass).on("SIGHUP", pass);
  const orphaned = whenNpmIsGone(pass);
  try {
    return await new Promise((resolve) => {
      child.on("error", (error) => {
        console.error(error.message);
        resolve(127);
      });
      child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
    });
  } finally {
    clearInterval(orphaned);
    process.off("SIGINT", wait).off("SIGTERM", pass).off("SIGHUP", pass);
  }
}

/**
 * npm hands SIGTERM to the shell between it and us, which ends without handing it on (seen with npm 11 and dash). That
 * shell was our parent, so a new parent says the same. Without npm a new parent means nothing: nohup makes one, too.
 */
function whenNpmIsGone(stop) {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 250).unref();
}

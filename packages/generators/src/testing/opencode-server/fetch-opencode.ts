import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The version that the generator was made for. */
const VERSION = "1.18.33";
const CACHE = fileURLToPath(new URL("../../../../../node_modules/.cache/opencode/", import.meta.url));

const run = promisify(execFile);

/**
 * Path of the OpenCode program, which is fetched once (60 MB) and kept: it is far too large to be a dependency.
 *
 * @throws where it can be neither found nor fetched: a test of a generator without its service says nothing
 */
export async function fetchOpencode(): Promise<string> {
  const name = packageName();
  const folder = join(CACHE, `${name}-${VERSION}`);
  const program = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "opencode.exe" : "opencode");
  if (existsSync(program)) return program;
  await mkdir(CACHE, { recursive: true });
  // Made elsewhere and then renamed: another run may be at it at the same time.
  const making = await mkdtemp(join(CACHE, "fetching-"));
  try {
    await run(
      "npm",
      ["install", "--prefix", making, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", `${name}@${VERSION}`],
      { timeout: 300_000, cwd: making },
    );
    await rename(making, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    throw new Error(
      `These tests need OpenCode itself, and npm could not fetch ${name}@${VERSION}. Fetch it where there is a network, into ${dirname(folder)}.`,
      { cause },
    );
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  if (!existsSync(program)) throw new Error(`The package ${name}@${VERSION} has no program at ${program}.`);
  return program;
}

function packageName(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return `opencode-${platform}-${process.arch}`;
}

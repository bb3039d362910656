import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** On a machine where everything may take long, one or two in thousands of tests meet a race. More are no accident. */
const MAX_TRIED_AGAIN = 3;

/**
 * Runs all tests. The files in which one failed are run once more, from the start: with new processes and databases,
 * and the machine to themselves. What passes only then is named at the end: it has a race in it, or has found one in
 * Sluice.
 *
 * @param vitest runs vitest with arguments and environment; resolves to its exit code
 * @returns the exit code
 */
export async function runWholeSuite(vitest) {
  const folder = await mkdtemp(join(tmpdir(), "sluice-tests-"));
  try {
    const list = join(folder, "failed");
    const code = await vitest([], { SLUICE_FAILED_FILES: list });
    const failed = await linesOf(list);
    if (code !== 1 || failed.length === 0 || failed.length > MAX_TRIED_AGAIN) return code;

    console.log(`\nTried again: ${failed.join(", ")}`);
    const again = await vitest(failed, {});
    if (again === 0) console.log(`\nPassed only when tried again, look into it: ${failed.join(", ")}`);
    return again;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function linesOf(path) {
  try {
    return (await readFile(path, "utf8")).split("\n").filter(Boolean);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

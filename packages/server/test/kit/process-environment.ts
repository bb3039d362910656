import { tmpdir } from "node:os";
import { join } from "node:path";

/** Node keeps here what it has compiled, unless the test run has such a place already. Halves what a start costs. */
const COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), "sluice-test-compile-cache");

/** What a process is started with that should know nothing of the test's own environment but what is given here. */
export function processEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...settings };
}

import type { JobFolder } from "./job-folder.ts";
import { JOB_MARK } from "./processes.ts";

/** What a program gets of the worker's own environment: what programs need to run at all, and no secret. */
const PASSED_ON = ["PATH", "HOME", "LANG", "LC_ALL", "TZ"];

/**
 * The whole environment of a program.
 *
 * @param own the worker's
 * @param job left out where the program is only looked for
 */
export function environment(
  own: Readonly<Record<string, string | undefined>>,
  { env }: { readonly env: { readonly [name: string]: string } },
  job?: JobFolder,
): { [name: string]: string } {
  const passedOn = PASSED_ON.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]]));
  return {
    ...Object.fromEntries(passedOn),
    ...env,
    ...(job && { SLUICE_JOB_DIR: job.path, OUT: job.out, TMPDIR: job.path, [JOB_MARK]: job.token }),
  };
}

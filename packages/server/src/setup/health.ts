import type { Generator } from "@sluice/engine";
import type { CheckedHealth } from "@sluice/schema";

/** Whoever looks again within it sees the same: a page that is open in ten browsers asks a server once. */
const FRESH_MS = 15_000;
/** A server that does not answer by then is not there for its purpose either. */
const PATIENCE_MS = 10_000;

/** Looks at generators, each at most every 15 s. */
export function healthChecks(now: () => number = Date.now): (generator: Generator) => Promise<CheckedHealth> {
  const looks = new WeakMap<Generator, { readonly since: number; readonly health: Promise<CheckedHealth> }>();
  return async (generator) => {
    const last = looks.get(generator);
    if (last && now() - last.since < FRESH_MS) return await last.health;
    const health = look(generator);
    looks.set(generator, { since: now(), health });
    return await health;
  };
}

async function look(generator: Generator): Promise<CheckedHealth> {
  const checkedAt = new Date();
  if (!generator.check) return { ok: true, detail: "Needs nothing that could be missing.", checkedAt };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`It has not answered within ${PATIENCE_MS / 1_000} s.`)));
  });
  try {
    const { ok, detail, version } = await Promise.race([generator.check(signal), late]);
    return { ok, detail, version, checkedAt };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error), checkedAt };
  }
}

import { setTimeout as sleep } from "node:timers/promises";

/** SQLSTATEs of a server that stops, starts or is full, of a cut connection, and of a transaction to be repeated. */
const OUTAGE = /^(08...|53...|57P0[1-5]|40001|40P01)$/;
/** What node-postgres says, without a code, when a connection ends under a statement. */
const CUT =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** Whether the database could not be asked, as opposed to having said no. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A name that resolves to several addresses fails with one error for each.
  if (error instanceof AggregateError) return error.errors.some(isOutage);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (OUTAGE.test(code) || CUT.test(error.message)) return true;
  return /^E[A-Z]+$/.test(code) && "syscall" in error;
}

/**
 * Does a piece of work against the database again until the database answers, however long it is away. The work has
 * to be safe to repeat: a connection that is cut at COMMIT leaves open whether it took place.
 *
 * @param options.onError hears of every outage that was met
 * @throws what `work` throws when it is no outage, or once `signal` is aborted
 */
export async function throughOutages<T>(
  work: () => Promise<T>,
  options: { readonly signal: AbortSignal; readonly onError: (error: unknown) => void },
): Promise<T> {
  for (let pauseMs = 50; ; pauseMs = Math.min(2 * pauseMs, 2_000)) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error) || options.signal.aborted) throw error;
      options.onError(error);
      await sleep(pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
    }
  }
}

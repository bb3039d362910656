import { setTimeout as sleep } from "node:timers/promises";

const LOCK_NOT_AVAILABLE = "55P03";
/**
 * SQLSTATEs of a server that stops, starts or is full, of a cut connection, of a transaction to be repeated, and of a
 * lock that could not be had in time.
 */
const OUTAGE = new RegExp(`^(08...|53...|57P0[1-5]|25P03|40001|40P01|${LOCK_NOT_AVAILABLE})$`);
/** What node-postgres says, without a code, when all connections of a pool stay taken. */
const NO_CONNECTION = "timeout exceeded when trying to connect";
/** What it says when a connection ends under a statement. */
const CUT = new RegExp(`^(Connection terminated|Client has encountered a connection error|${NO_CONNECTION})`);

/** Others hold, or wait for, the run for too long. In code and treatment the same as a lock that could not be had. */
export class RunBusyError extends Error {
  readonly code = LOCK_NOT_AVAILABLE;
  constructor() {
    super("The run was busy for too long.");
  }
}

/** Whether nothing was done because others were in the way for too long; the same may work a moment later. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === LOCK_NOT_AVAILABLE) || error.message.startsWith(NO_CONNECTION);
}

const QUERY_CANCELED = "57014";

/** Whether the database stopped a statement since it took longer than its connection allows. Prisma tells the code in words. */
export function isTimedOut(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === QUERY_CANCELED) || error.message.includes(`Code: \`${QUERY_CANCELED}\``);
}

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

export interface Snapshot {
  /** The oldest transaction that is still open, or `xmax` when none is. */
  readonly xmin: string;
  /** The transaction that comes next. */
  readonly xmax: string;
}

/** Ours take some milliseconds, rarely a second. */
const PATIENCE_MS = 5_000;

/**
 * Notices when one open transaction keeps everybody from seeing newer events, and says so once for each such
 * transaction: live values stand still until it ends, and nothing else would tell why.
 *
 * @returns is given a snapshot now and then
 */
export function heldBackWatch(
  warn: (message: string) => void,
  now: () => number = Date.now,
): (snapshot: Snapshot) => void {
  let held: { readonly by: string; readonly since: number; told: boolean } | undefined;
  return ({ xmin, xmax }) => {
    if (xmin === xmax) held = undefined;
    else if (held?.by !== xmin) held = { by: xmin, since: now(), told: false };
    if (!held || held.told || now() - held.since < PATIENCE_MS) return;
    held.told = true;
    warn(
      `Live updates wait for transaction ${xmin}, which has been open for more than ${PATIENCE_MS / 1_000} s. It may be in another ` +
        "database of the same server. This finds it: SELECT pid, datname, application_name, state, query " +
        `FROM pg_stat_activity WHERE backend_xid = '${xmin}'::xid8::xid; SELECT pg_terminate_backend(pid) ends it.`,
    );
  };
}

import type { ConnectionStore } from "./connection-state.ts";

interface StandInOptions {
  readonly store: Pick<ConnectionStore, "set" | "catchUp" | "state">;
  /** Whether the server can be reached at all. Never rejects. */
  readonly reachable: () => Promise<boolean>;
  /** Nobody looks: nothing needs to be read. */
  readonly hidden: () => boolean;
  readonly everyMs: number;
  /** Failures in a row before it steps in. */
  readonly afterFailures: number;
}

/**
 * Stands in for the live connection where that cannot be had: behind a proxy that refuses to upgrade, everything else
 * works. It then has the page read again what it shows, and says so; where the server cannot be reached at all, that.
 */
export function createStandIn({ store, reachable, hidden, everyMs, afterFailures }: StandInOptions) {
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Answers of an earlier stand-in count for nothing. */
  let term = 0;

  const look = async () => {
    const mine = term;
    const there = hidden() ? undefined : await reachable();
    if (mine !== term) return;
    if (there !== undefined) store.set(there ? "polling" : "reconnecting");
    if (there) store.catchUp();
    timer = setTimeout(() => void look(), everyMs);
  };
  const stop = () => {
    failures = 0;
    term += 1;
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    /** The connection was lost, or could not be made. */
    failed() {
      failures += 1;
      if (store.state() !== "polling") store.set("reconnecting");
      if (failures === afterFailures) void look();
    },
    /** It is there, or is not wanted any more. */
    stop,
    /** Looks now, where it stands in: somebody has come back to the page. */
    lookNow() {
      if (failures < afterFailures) return;
      term += 1;
      clearTimeout(timer);
      void look();
    },
  };
}

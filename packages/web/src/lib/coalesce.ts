/** Runs `work` now and then, the first time at once and the last request never lost. */
export interface Coalesced {
  /** Wants `work` done: at once, or at the latest when so many ms have passed since it was done last. */
  readonly request: (patienceMs?: number) => void;
  readonly cancel: () => void;
}

/**
 * A burst of events becomes one refetch now and one when the burst is over, not one for each event. Of requests that
 * wait, the least patient one decides when; `waitMs` is the patience of those that do not say any.
 */
export function coalesce(work: () => void, waitMs: number): Coalesced {
  let done = Number.NEGATIVE_INFINITY;
  let due = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const forget = () => {
    clearTimeout(timer);
    due = Number.POSITIVE_INFINITY;
  };
  const run = () => {
    forget();
    done = performance.now();
    work();
  };
  return {
    request(patienceMs = waitMs) {
      const now = performance.now();
      const wanted = done + patienceMs;
      if (wanted <= now) return run();
      if (wanted >= due) return;
      forget();
      due = wanted;
      timer = setTimeout(run, wanted - now);
    },
    cancel() {
      forget();
      done = Number.NEGATIVE_INFINITY;
    },
  };
}

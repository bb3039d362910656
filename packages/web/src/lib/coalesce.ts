/** Runs `work` at most once per `waitMs`, the first time at once and the last request never lost. */
export interface Coalesced {
  readonly request: () => void;
  readonly cancel: () => void;
}

/** A burst of events becomes one refetch now and one when the burst is over, not one for each event. */
export function coalesce(work: () => void, waitMs: number): Coalesced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const run = () => {
    again = false;
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, waitMs);
  };
  return {
    request() {
      if (timer === undefined) run();
      else again = true;
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
      again = false;
    },
  };
}

import type { EventTail } from "@sluice/engine";

export interface TailWatch {
  /** Those who listen now, of all who began after the watch did. */
  readonly listening: number;
  /** Resolves when somebody begins: a subscription over WebSocket tells its client nothing until its first value. */
  nextListener(): Promise<void>;
  /** Resolves once nobody does. */
  untilSilent(): Promise<void>;
}

/** Counts who listens to a tail: a subscription that leaves a listener behind costs its process for ever. */
export function watchTail(tail: EventTail): TailWatch {
  const listen = tail.listen;
  let listening = 0;
  let begun = Promise.withResolvers<void>();
  let silent = Promise.withResolvers<void>();
  tail.listen = (listener) => {
    const heard = listen(listener);
    listening += 1;
    begun.resolve();
    begun = Promise.withResolvers();
    let stopped = false;
    return {
      ready: heard.ready,
      stop() {
        heard.stop();
        if (stopped) return;
        stopped = true;
        listening -= 1;
        if (listening > 0) return;
        silent.resolve();
        silent = Promise.withResolvers();
      },
    };
  };
  return {
    get listening() {
      return listening;
    },
    nextListener: () => begun.promise,
    untilSilent: () => (listening === 0 ? Promise.resolve() : silent.promise),
  };
}

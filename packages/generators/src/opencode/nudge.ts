/** A pause that can be cut short; a nudge between two pauses cuts the next one. */
export function nudge(): { readonly nudge: () => void; wait(ms: number, signal: AbortSignal): Promise<void> } {
  let nudged = false;
  let wake: (() => void) | null = null;
  return {
    nudge() {
      nudged = true;
      wake?.();
    },
    async wait(ms, signal) {
      signal.throwIfAborted();
      if (!nudged) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", resolve as () => void, { once: true });
        await promise;
        clearTimeout(timer);
        signal.removeEventListener("abort", resolve as () => void);
        wake = null;
      }
      nudged = false;
      signal.throwIfAborted();
    },
  };
}

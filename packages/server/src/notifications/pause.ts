/** A pause that others may end. */
export interface Pause {
  /** Ends the pause that is on, or the next one before it begins: a call between two pauses is not lost. */
  end(): void;
  /** Resolves after so many milliseconds, or when it is ended. */
  take(ms: number): Promise<void>;
}

export function pause(): Pause {
  let { promise, resolve } = Promise.withResolvers<void>();
  return {
    end: () => resolve(),
    async take(ms) {
      const timer = setTimeout(resolve, ms);
      await promise;
      clearTimeout(timer);
      ({ promise, resolve } = Promise.withResolvers<void>());
    },
  };
}

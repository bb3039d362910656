/** What came, in order, and a way to wait for more of it. */
export interface Inbox<T> {
  readonly all: readonly T[];
  add(entry: T): void;
  /** Resolves with the first, of those that are there and those that come, for which it holds. */
  until(holds: (entry: T) => boolean): Promise<T>;
  /** Resolves once there are so many for which it holds. */
  count(number: number, holds: (entry: T) => boolean): Promise<readonly T[]>;
}

export function inbox<T>(): Inbox<T> {
  const all: T[] = [];
  const waiting = new Set<() => void>();
  const when = <R>(found: () => R | undefined): Promise<R> =>
    new Promise((resolve) => {
      const look = (): void => {
        const result = found();
        if (result === undefined) return;
        waiting.delete(look);
        resolve(result);
      };
      waiting.add(look);
      look();
    });
  return {
    all,
    add(entry) {
      all.push(entry);
      for (const look of [...waiting]) look();
    },
    until: (holds) => when(() => all.find(holds)),
    count: (number, holds) =>
      when(() => {
        const found = all.filter(holds);
        return found.length >= number ? found : undefined;
      }),
  };
}

/** Counts attempts that may fail, such as sign-ins, by whatever they have in common. */
export interface AttemptLimit {
  /**
   * Counts an attempt under each key before it is made, so that many at once are no way around the limit.
   * @returns whether it may be made; `succeeded` takes it back
   */
  begin(keys: readonly string[]): { readonly allowed: boolean; succeeded(): void };
}

const WINDOW_MS = 15 * 60_000;
/** Beyond it the oldest are forgotten: memory is bounded whoever tries. */
const MAX_KEYS = 50_000;

/**
 * A number of attempts for each key within a quarter of an hour. Kept in this process: with several servers an attacker
 * has the number once for each.
 *
 * @param limitOf how many attempts a key has
 * @param now milliseconds
 */
export function attemptLimit(limitOf: (key: string) => number, now: () => number = Date.now): AttemptLimit {
  const counts = new Map<string, { count: number; readonly until: number }>();
  const current = (key: string) => {
    const known = counts.get(key);
    if (known && known.until > now()) return known;
    const fresh = { count: 0, until: now() + WINDOW_MS };
    counts.delete(key);
    counts.set(key, fresh);
    const oldest = counts.size > MAX_KEYS ? counts.keys().next().value : undefined;
    if (oldest !== undefined) counts.delete(oldest);
    return fresh;
  };
  return {
    begin(keys) {
      const all = keys.map((key) => ({ limit: limitOf(key), entry: current(key) }));
      if (all.some(({ limit, entry }) => entry.count >= limit)) return { allowed: false, succeeded: () => {} };
      for (const { entry } of all) entry.count++;
      return {
        allowed: true,
        succeeded: () => {
          for (const { entry } of all) entry.count--;
        },
      };
    },
  };
}

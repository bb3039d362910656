/** Makes whoever was wrong too often wait, a little longer each time. */
export interface AttemptDelay {
  /**
   * Counts an attempt before it is made, so that many at once are no way around the wait.
   * @returns for how many seconds it may not be made; 0 where it may, and `succeeded` forgets what was wrong before
   */
  begin(key: string): { readonly waitSeconds: number; succeeded(): void };
}

/** Wrong ones that cost nothing: people mistype. */
const FREE = 10;
const FIRST_WAIT_MS = 10_000;
/** Short enough that nobody is kept out for long by somebody else's guesses; 1,440 guesses a day then. */
const LONGEST_WAIT_MS = 60_000;
/** What was wrong is forgotten after so long without another. */
const FORGOTTEN_MS = 15 * 60_000;
/** Beyond it the oldest are forgotten: memory is bounded whoever tries. */
const MAX_KEYS = 50_000;

/**
 * After ten wrong attempts with the same key each further one has to wait: 10 seconds, 20, 40, and a minute from then on.
 * Kept in this process: with several servers an attacker has the attempts once for each.
 *
 * @param now milliseconds
 */
export function attemptDelay(now: () => number = Date.now): AttemptDelay {
  const wrong = new Map<string, { count: number; allowedAt: number; forgottenAt: number }>();
  return {
    begin(key) {
      const known = wrong.get(key);
      const entry = known && known.forgottenAt > now() ? known : { count: 0, allowedAt: 0, forgottenAt: 0 };
      if (entry.allowedAt > now()) {
        return { waitSeconds: Math.ceil((entry.allowedAt - now()) / 1_000), succeeded: () => {} };
      }
      entry.count++;
      entry.forgottenAt = now() + FORGOTTEN_MS;
      if (entry.count >= FREE) {
        entry.allowedAt = now() + Math.min(FIRST_WAIT_MS * 2 ** (entry.count - FREE), LONGEST_WAIT_MS);
      }
      wrong.delete(key);
      wrong.set(key, entry);
      const oldest = wrong.size > MAX_KEYS ? wrong.keys().next().value : undefined;
      if (oldest !== undefined) wrong.delete(oldest);
      return { waitSeconds: 0, succeeded: () => void wrong.delete(key) };
    },
  };
}

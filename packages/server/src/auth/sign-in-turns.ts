import pLimit from "p-limit";

/** Lets sign-ins through a few at a time, and refuses those that would wait for too long. */
export interface SignInTurns {
  /**
   * Does the work once it is its turn.
   *
   * @param whose who asks, as far as it is known: one alone cannot take all the places. Null where that may be everybody
   * @returns what `work` gives; null where too many wait already, and nothing was done
   */
  take<T>(whose: string | null, work: () => Promise<T>): Promise<T> | null;
}

/** What a refused one is told to wait, in seconds. */
export const TRY_AGAIN_SECONDS = 5;

/** What it is told. */
export const TRY_AGAIN = "Many people are signing in right now. Try again in a few seconds.";

export interface SignInLimits {
  readonly atOnce: number;
  /** That are under way or wait for their turn: of everybody, and of one. */
  readonly inAll: number;
  readonly ofOne: number;
}

/**
 * Passwords are hashed on the four threads that new connections to the database, files and names wait for as well, 0.1 to
 * 0.3 s each: 101 at once kept all else waiting for 10 s. Two leave room for the rest, and 40 are done within seconds.
 */
export const SIGN_IN_LIMITS: SignInLimits = { atOnce: 2, inAll: 40, ofOne: 10 };

export function signInTurns({ atOnce, inAll, ofOne }: SignInLimits): SignInTurns {
  const turn = pLimit(atOnce);
  const taken = new Map<string, number>();
  return {
    take(whose, work) {
      const own = whose === null ? 0 : (taken.get(whose) ?? 0);
      if (own >= ofOne || turn.activeCount + turn.pendingCount >= inAll) return null;
      if (whose !== null) taken.set(whose, own + 1);
      return turn(work).finally(() => {
        if (whose === null) return;
        const left = (taken.get(whose) ?? 1) - 1;
        if (left > 0) taken.set(whose, left);
        else taken.delete(whose);
      });
    },
  };
}

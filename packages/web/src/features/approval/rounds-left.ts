interface Rounds {
  /** The present one, from 1. */
  readonly round: number;
  readonly maxRounds: number;
}

/** How often a step can still be sent back, as a number and as a sentence. */
export function roundsLeft({ round, maxRounds }: Rounds): { readonly count: number; readonly words: string } {
  const count = Math.max(0, maxRounds - round);
  if (count === 0) return { count, words: `This is round ${round} of ${maxRounds}: it cannot be sent back any more.` };
  const more = count === 1 ? "once" : `${count} times`;
  return { count, words: `This is round ${round} of ${maxRounds}: it can be sent back ${more}.` };
}

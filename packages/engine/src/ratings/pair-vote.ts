/** TIE is half a win for each; BOTH_BAD and SKIP are recorded and change no rating (V1). */
export type PairOutcome = "LEFT" | "RIGHT" | "TIE" | "BOTH_BAD" | "SKIP";

/** One valid comparison of two different candidates of a step. A step's votes are given in the order they were cast. */
export interface PairVote {
  leftId: number;
  rightId: number;
  outcome: PairOutcome;
}

/**
 * `elo` is on the 1000-centred scale; `voteCount` counts the votes that say something about it: LEFT, RIGHT and TIE.
 */
export interface Rating {
  id: number;
  elo: number;
  voteCount: number;
}

/**
 * The left candidate's share of the win — 1, 0.5 or 0 — or null where the vote says nothing about which is better.
 *
 * @throws RangeError when both sides are the same candidate, which V2 forbids and no rating can make sense of
 */
export function leftShare(vote: PairVote): number | null {
  if (vote.leftId === vote.rightId) {
    throw new RangeError(`A vote compares two different candidates; candidate ${vote.leftId} is on both sides of one`);
  }
  switch (vote.outcome) {
    case "LEFT":
      return 1;
    case "RIGHT":
      return 0;
    case "TIE":
      return 0.5;
    case "BOTH_BAD":
    case "SKIP":
      return null;
    default:
      vote.outcome satisfies never;
      throw new RangeError(`Unknown vote outcome "${String(vote.outcome)}"`);
  }
}

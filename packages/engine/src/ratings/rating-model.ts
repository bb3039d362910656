import { rateByBradleyTerry } from "./bradley-terry.ts";
import { rateByElo } from "./elo.ts";
import type { PairVote, Rating } from "./pair-vote.ts";

export type { PairVote, Rating } from "./pair-vote.ts";

export type RatingModelName = "BRADLEY_TERRY" | "ELO";

/** V1: how a step's vote log becomes ratings. Nothing is updated in place, so taking a vote back is leaving it out. */
export interface RatingModel {
  /**
   * One rating per id, in the order of the ids. Pass rejected candidates too, to get their ratings; their votes
   * inform the others' either way. Votes are those that stand, in the order they were cast.
   */
  rate(candidateIds: readonly number[], votes: readonly PairVote[]): Rating[];
}

/** @throws RangeError for a name that is not a model's */
export function ratingModel(name: RatingModelName): RatingModel {
  switch (name) {
    case "BRADLEY_TERRY":
      return { rate: rateByBradleyTerry };
    case "ELO":
      return { rate: rateByElo };
    default:
      name satisfies never;
      throw new RangeError(`Unknown rating model "${String(name)}": use BRADLEY_TERRY or ELO`);
  }
}

import { START_ELO } from "./elo-scale.ts";
import { leftShare, type PairVote, type Rating } from "./pair-vote.ts";

const K_FACTOR = 32;
const SCALE = 400;

/**
 * V1's alternative: classic Elo (start 1000, K-factor 32, scale 400; Elo 1978), replayed in the order of the votes,
 * in floats and without a cap on the difference. Unlike Bradley–Terry it depends on that order. Ratings of the given
 * candidates, in the order given; votes that name other candidates are replayed as well.
 */
export function rateByElo(candidateIds: readonly number[], votes: readonly PairVote[]): Rating[] {
  const ratings = new Map<number, Rating>();
  const ratingOf = (id: number): Rating => {
    const rating = ratings.get(id) ?? { id, elo: START_ELO, voteCount: 0 };
    ratings.set(id, rating);
    return rating;
  };
  for (const vote of votes) {
    const share = leftShare(vote);
    if (share === null) continue;
    const left = ratingOf(vote.leftId);
    const right = ratingOf(vote.rightId);
    const change = K_FACTOR * (share - expectedShare(left.elo, right.elo));
    left.elo += change;
    right.elo -= change;
    left.voteCount += 1;
    right.voteCount += 1;
  }
  return candidateIds.map(ratingOf);
}

/** The share of the win that Elo expects of the first, 0 to 1. */
export function expectedShare(elo: number, opponentElo: number): number {
  return 1 / (1 + 10 ** ((opponentElo - elo) / SCALE));
}

/**
 * How many votes until the top K shown is the true one, by the rule that chooses pairs. Run: `node
 * bench/src/ratings-pairing.ts [runs]`.
 *
 * Voters are simulated: independent, and exactly Bradley–Terry, which is kinder than people are. Strengths are normal
 * with a spread of 174 Elo and at least 52 Elo between ranks K and K+1, so that there is a right answer to find. All
 * rules are read out by the same ratings; those and the posterior are refreshed every 10 votes. One voter judges
 * everything and may see a pair again.
 */
import { rateByBradleyTerry } from "@sluice/engine/ratings/bradley-terry";
import { nextPair } from "@sluice/engine/ratings/next-pair";
import type { PairVote } from "@sluice/engine/ratings/pair-vote";
import { posteriorDraws } from "@sluice/engine/ratings/posterior";
import { seededRandom, standardNormal } from "@sluice/engine/ratings/seeded-random";
import { thompsonPair } from "@sluice/engine/ratings/thompson-pair";

const N = 16;
const K = 4;
const MOST_VOTES = 800;
const REFRESH = 10;
const GAP = 0.3;
const POLICIES = ["random", "fewest votes", "thompson"] as const;
const ids = Array.from({ length: N }, (_, i) => i + 1);

function strengthsOf(normal: () => number): number[] {
  for (;;) {
    const strengths = ids.map(() => normal()).sort((a, b) => b - a);
    if (strengths[K - 1]! - strengths[K]! >= GAP) return strengths;
  }
}

/** After every refresh, whether the top K was right (candidates 1..K are the best). */
function simulate(policy: (typeof POLICIES)[number], seed: number): boolean[] {
  const random = seededRandom(seed);
  const strengths = strengthsOf(standardNormal(random));
  const votes: PairVote[] = [];
  const right: boolean[] = [];
  const judged = new Set<string>();
  while (votes.length < MOST_VOTES) {
    const candidates = rateByBradleyTerry(ids, votes);
    const draws = policy === "thompson" ? posteriorDraws(ids, votes, votes.length) : null;
    for (let vote = 0; vote < REFRESH; vote++) {
      const pair = draws
        ? thompsonPair({ candidates, judged, random, draws, k: K })
        : nextPair({
            candidates: policy === "random" ? ids.map((id) => ({ id, elo: 1000, voteCount: 0 })) : candidates,
            judged,
            random,
          });
      const [leftId, rightId] = pair!;
      const chance = 1 / (1 + Math.exp(strengths[rightId - 1]! - strengths[leftId - 1]!));
      votes.push({ leftId, rightId, outcome: random() < chance ? "LEFT" : "RIGHT" });
      for (const candidate of candidates) {
        if (candidate.id === leftId || candidate.id === rightId) candidate.voteCount += 1;
      }
    }
    const shown = rateByBradleyTerry(ids, votes).sort((a, b) => b.elo - a.elo);
    right.push(shown.slice(0, K).every(({ id }) => id <= K));
  }
  return right;
}

const runs = Number(process.argv[2] ?? 200);
console.log(`${runs} runs, ${N} candidates, K = ${K}: share of runs whose top K is right, after so many votes`);
console.log(["votes".padEnd(14), "80", "160", "240", "320", "400", "480", "560", "640", "720", "800"].join("\t"));
for (const policy of POLICIES) {
  const results = Array.from({ length: runs }, (_, seed) => simulate(policy, seed));
  const shares = Array.from({ length: 10 }, (_, i) => {
    const at = ((i + 1) * 80) / REFRESH - 1;
    return results.filter((right) => right[at]).length / runs;
  });
  console.log([policy.padEnd(14), ...shares.map((share) => share.toFixed(2))].join("\t"));
}

import type { PairOutcome, PairVote } from "./pair-vote.ts";
import { seededRandom } from "./seeded-random.ts";

/** "1>2" is a win of 1, "1=2" a tie, "1x2" both bad, "1?2" skipped. For the tests beside this file. */
export function votesOf(...notes: string[]): PairVote[] {
  const outcomes: Record<string, PairOutcome> = { ">": "LEFT", "<": "RIGHT", "=": "TIE", x: "BOTH_BAD", "?": "SKIP" };
  return notes.map((note) => {
    const [, left, sign, right] = /^(\d+)([><=x?])(\d+)$/.exec(note) ?? [];
    return { leftId: Number(left), rightId: Number(right), outcome: outcomes[sign!]! };
  });
}

/**
 * Votes on random pairs of 1..n by voters who follow Bradley–Terry with these strengths (logits), and tie now and
 * then.
 */
export function simulateVotes(strengths: readonly number[], votes: number, seed: number, ties = 0.1): PairVote[] {
  const random = seededRandom(seed);
  const n = strengths.length;
  return Array.from({ length: votes }, () => {
    const left = Math.floor(random() * n);
    const right = (left + 1 + Math.floor(random() * (n - 1))) % n;
    const chance = 1 / (1 + Math.exp(strengths[right]! - strengths[left]!));
    const outcome = random() < ties ? "TIE" : random() < chance ? "LEFT" : "RIGHT";
    return { leftId: left + 1, rightId: right + 1, outcome };
  });
}

/** 1..n. */
export function idsUpTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

/** A new array in an order that the seed decides. */
export function shuffled<T>(values: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return values
    .map((value) => ({ value, lot: random() }))
    .sort((a, b) => a.lot - b.lot)
    .map(({ value }) => value);
}

import type { VoteOutcome } from "../../gql/generated/graphql.ts";

const WORDS: Record<VoteOutcome, string> = {
  LEFT: "the left one is better",
  RIGHT: "the right one is better",
  TIE: "a tie",
  BOTH_BAD: "both are bad",
  SKIP: "skipped",
};

/** The same judgement where the two stand the other way round. */
export function turned(outcome: VoteOutcome): VoteOutcome {
  if (outcome === "LEFT") return "RIGHT";
  return outcome === "RIGHT" ? "LEFT" : outcome;
}

/** What became of a vote on a pair that its voter had judged before, in another window, as this outcome. */
export function standsInWords(outcome: VoteOutcome): string {
  return `You had judged this pair before, in another window: ${WORDS[outcome]}. That vote stands, and the one from here was not counted. Undo takes it back, and you can judge the pair anew.`;
}
